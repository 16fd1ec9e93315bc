"""Finding the tickets of a person at an office, on whatever day, by what staff have of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES, TicketState
from queue_app.domain.finding import Search, Sought, name_matches, name_words
from queue_app.domain.keyring import Keyring, Unreadable, bound_to, opened, person_of
from queue_app.models import Booking, Ticket

from .bookings import is_persons, latest_ticket
from .ticket_lines import TicketLine, lines_of

SHOWN = 30  # hits of one search; more are no choice but a list to read
# Names and telephone numbers are sealed and are opened one by one, 25,000 in a third of a second: besides those to come
# only so many of the past, and the page says from which day on.
OPENED = 40_000
Rows = Select[*tuple[Any, ...]]
AT_ONCE = 1000  # rows fetched together


@dataclass(frozen=True)
class Hits:
    """``more``: there are others. ``since``: the first day that was looked at; None where all were.

    ``unreadable``: how many were passed over because the keys do not open what was searched.
    """

    lines: tuple[TicketLine, ...]
    more: bool
    since: date | None
    unreadable: int


def search_tickets(
    session: Session, office_id: int, search: Search, *, keyring: Keyring, today: date, now: datetime
) -> Hits:
    """The tickets of an office that fit: today's first, then those to come, then the past, each the nearest first.

    A moved ticket is found as the one that holds in its place.
    """
    here = Ticket.office_id == office_id
    since = None
    passed_over: list[int] = []
    if search.kind is Sought.PHONE or _is_name(session, search):
        since = _since(session, here, today)
        days = [here, Ticket.day >= since] if since else [here]
        if search.kind is Sought.PHONE:
            found = _of_phone(session, days, search.text, keyring=keyring, today=today, passed_over=passed_over)
        else:
            found = _of_name(session, days, search.name, keyring=keyring, today=today, passed_over=passed_over)
    else:
        found = _of_plain(session, office_id, search, keyring=keyring, today=today)
    ids_shown = list(islice(found, SHOWN + 1))
    tickets = [session.get_one(Ticket, one) for one in ids_shown[:SHOWN]]
    lines = lines_of(session, tickets, keyring=keyring, now=now)
    return Hits(lines, more=len(ids_shown) > SHOWN, since=since, unreadable=len(passed_over))


def holder_of(session: Session, office_id: int, service_id: int, persons: Sequence[bytes]) -> int | None:
    """The ticket that keeps one of these persons, by the keyed hash of their NIK, from booking the service again."""
    return session.scalars(
        select(Ticket.id)
        .where(Ticket.office_id == office_id, Ticket.service_id == service_id, Ticket.person_index.in_(persons))
        .where(Ticket.state.in_(ACTIVE_STATES))
        .limit(1)
    ).one_or_none()


def _of_plain(session: Session, office_id: int, search: Search, *, keyring: Keyring, today: date) -> Iterator[int]:
    """Ids of tickets by what is not sealed, each once."""
    here = Ticket.office_id == office_id
    match search.kind:
        case Sought.TICKET:
            return _latest(session, _ids(session, here, Ticket.id == search.ticket_id, today=today))
        case Sought.NUMBER:
            which = [Ticket.letter == search.letter] if search.letter else []
            of_number = _ids(session, here, Ticket.queue_number == search.number, *which, today=today)
            return _latest(session, of_number)
        case Sought.NIK:
            index = keyring.person_index(search.text)
            return _latest(session, _ids(session, is_persons(index, office_id), _may_be_sought(), today=today))
    booking = session.scalars(select(Booking.id).where(Booking.code == search.text)).one_or_none()
    here = Ticket.office_id + 0 == office_id  # as a sum: the booking leads to its tickets, and not the office
    return _latest(session, _ids(session, here, Ticket.booking_id == booking, today=today))


def _since(session: Session, here: ColumnElement[bool], today: date) -> date | None:
    past = select(Ticket.day).where(here, Ticket.day < today).order_by(Ticket.day.desc())
    beyond = session.scalars(past.offset(OPENED).limit(1)).one_or_none()
    return beyond + timedelta(days=1) if beyond else None


_IS_LATEST = Ticket.state != TicketState.RESCHEDULED
# Whoever has had the use of their data suspended is found by the ticket they bring, and not by who they are.
_NOT_SUSPENDED = Booking.suspended_at.is_(None)


def _may_be_sought() -> ColumnElement[bool]:
    return Ticket.booking_id.in_(select(Booking.id).where(_NOT_SUSPENDED))


def _is_name(session: Session, search: Search) -> bool:
    """Of eight letters: unless they are somebody's code."""
    if not search.name or search.kind is not Sought.CODE:
        return bool(search.name)
    return session.scalar(select(Booking.id).where(Booking.code == search.text)) is None


def _ids(session: Session, *which: ColumnElement[bool], today: date) -> Iterator[int]:
    for days in _nearest_first(select(Ticket.id).where(*which), today):
        yield from session.scalars(days.limit(SHOWN + 1))


def _latest(session: Session, ids: Iterable[int]) -> Iterator[int]:
    """What a moved ticket was moved to, where that is at the same office; else the moved one itself."""
    seen = set()
    for ticket_id in ids:
        ticket = session.get_one(Ticket, ticket_id)
        latest = latest_ticket(session, ticket)
        held = latest if latest.office_id == ticket.office_id else ticket
        if held.id not in seen:
            seen.add(held.id)
            yield held.id


def _of_name(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    name: str,
    *,
    keyring: Keyring,
    today: date,
    passed_over: list[int],
) -> Iterator[int]:
    wanted = name_words(name)
    rows = select(Ticket.id, Ticket.booking_id, Ticket.position, Ticket.nik, Ticket.name)
    bookings = select(Booking.id, Booking.code)
    for row, booking in _each(session, rows.where(*where, _IS_LATEST, Ticket.name.is_not(None)), bookings, today):
        known = person_of(row, booking.code, keyring).name or ""
        if isinstance(known, Unreadable):
            passed_over.append(row.id)
        elif name_matches(known, wanted):
            yield row.id


def _of_phone(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    phone: str,
    *,
    keyring: Keyring,
    today: date,
    passed_over: list[int],
) -> Iterator[int]:
    """Everybody of the party."""
    rows = select(Ticket.id, Ticket.booking_id)
    bookings = select(Booking.id, Booking.code, Booking.phone).where(Booking.phone.is_not(None))
    for row, booking in _each(session, rows.where(*where, _IS_LATEST), bookings, today):
        known = opened(keyring, booking.phone, bound_to=bound_to(booking.code, "phone"))
        if isinstance(known, Unreadable):
            passed_over.append(row.id)
        elif known == phone:
            yield row.id


def _each(session: Session, rows: Rows, bookings: Rows, today: date) -> Iterator[tuple[Row[Any], Row[Any]]]:
    """Tickets with their bookings. Joined in one statement PostgreSQL would read the bookings of all offices first."""
    for days in _nearest_first(rows, today):
        for tickets in session.execute(days.execution_options(yield_per=AT_ONCE)).partitions():
            ids = {ticket.booking_id for ticket in tickets}
            found = session.execute(bookings.where(Booking.id.in_(ids), _NOT_SUSPENDED))
            known = {booking.id: booking for booking in found}
            yield from ((ticket, known[ticket.booking_id]) for ticket in tickets if ticket.booking_id in known)


def _nearest_first(rows: Rows, today: date) -> tuple[Rows, Rows]:
    """From today on, and before."""
    ahead = rows.where(Ticket.day >= today).order_by(Ticket.day, Ticket.starts_at, Ticket.queue_number)
    before = rows.where(Ticket.day < today).order_by(Ticket.day.desc(), Ticket.starts_at, Ticket.queue_number)
    return ahead, before
