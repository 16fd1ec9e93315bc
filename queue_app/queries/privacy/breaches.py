"""Breaches, whom they concern, and who is still to be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring, person_of
from queue_app.domain.reminders import MessageKind
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import IN_A_FILE, Booking, Breach, BreachNotice, MessageState, OutboxMessage, Ticket

from ..booking.contacts import contact_of

AT_ONCE = 500  # bookings read together


@dataclass(frozen=True, repr=False)
class Concerned:
    """One person of a booking that a breach concerns; ``day`` is an ISO date."""

    code: str
    number: str
    day: str
    name: str
    nik: str
    phone: str
    email: str


@dataclass(frozen=True)
class BreachProgress:
    """``sent``: messages that went; ``waiting``: on their way; ``called`` of ``to_call``: by telephone."""

    concerned: int
    sent: int
    waiting: int
    to_call: int
    called: int


def breach_at(session: Session, breach_id: int, office_id: int) -> Breach:
    """Raises NotFound for one of another office."""
    breach = session.get(Breach, breach_id, populate_existing=True)
    if breach is None or breach.office_id != office_id:
        raise NotFound()
    return breach


def breaches_of(session: Session, office_id: int) -> Sequence[Breach]:
    newest = select(Breach).where(Breach.office_id == office_id).order_by(Breach.noticed_at.desc(), Breach.id.desc())
    return session.scalars(newest.limit(100)).all()


def concerned(breach: Breach) -> Select[int]:
    """The ids of bookings that a breach concerns and of whom something is left to tell them by."""
    named = [one.service_id for one in breach.services]
    within = [Ticket.office_id == breach.office_id, Ticket.day >= breach.first_day, Ticket.day <= breach.last_day]
    within += [Ticket.service_id.in_(named)] if named else []
    left = or_(Booking.phone.is_not(None), Booking.email.is_not(None), Ticket.nik.is_not(None))
    return select(Booking.id).join(Ticket, Ticket.booking_id == Booking.id).where(*within, left).distinct()


def people_concerned(session: Session, breach: Breach, *, keyring: Keyring) -> Iterator[Concerned]:
    """Everybody with their contact, read in parts: of each person the ticket that they held last."""
    ids = session.scalars(concerned(breach).order_by(Booking.id)).all()
    for start in range(0, len(ids), AT_ONCE):
        part = select(Booking).where(Booking.id.in_(ids[start : start + AT_ONCE])).order_by(Booking.id)
        for booking in session.scalars(part):
            contact = contact_of(booking, keyring)
            for ticket in {one.position: one for one in booking.tickets}.values():
                person = person_of(ticket, booking.code, keyring)
                yield Concerned(
                    code=show_code(booking.code),
                    number=show_number(ticket.letter, ticket.queue_number),
                    day=ticket.day.isoformat(),
                    name=person.name or "",
                    nik=person.nik.masked if person.nik else "",
                    phone=contact.phone or "",
                    email=contact.email or "",
                )
        session.expunge_all()


def progress_of(session: Session, breach: Breach) -> BreachProgress:
    waiting = [MessageState.QUEUED, MessageState.SENDING]
    rows = session.execute(
        select(
            func.count(BreachNotice.id),
            func.count(OutboxMessage.id).filter(OutboxMessage.state == MessageState.SENT, ~_in_a_file()),
            func.count(OutboxMessage.id).filter(OutboxMessage.state.in_(waiting)),
            func.count(BreachNotice.id).filter(_unreached()),
            func.count(BreachNotice.called_at),
        )
        .select_from(BreachNotice)
        .outerjoin(OutboxMessage, _message(breach))
        .where(BreachNotice.breach_id == breach.id)
    ).one()
    if breach.told_at is None:
        whom = session.scalar(select(func.count()).select_from(concerned(breach).subquery())) or 0
        return BreachProgress(whom, 0, 0, 0, 0)
    return BreachProgress(*rows)


def calls_of(session: Session, breach: Breach, *, limit: int = 200) -> Sequence[BreachNotice]:
    """Whom no message reaches, and whom nobody has told yet."""
    return (
        session.scalars(
            select(BreachNotice)
            .outerjoin(OutboxMessage, _message(breach))
            .where(BreachNotice.breach_id == breach.id, _unreached(), BreachNotice.called_at.is_(None))
            .order_by(BreachNotice.booking_id)
            .limit(limit)
        )
        .unique()
        .all()
    )


def breach_of_message(session: Session, booking_id: int, told_at: datetime) -> Breach | None:
    """The breach that a message is about: it bears the time at which the office decided to tell."""
    return session.scalars(
        select(Breach)
        .join(BreachNotice, BreachNotice.breach_id == Breach.id)
        .where(BreachNotice.booking_id == booking_id, Breach.told_at == told_at)
    ).one_or_none()


def _message(breach: Breach) -> ColumnElement[bool]:
    own = (OutboxMessage.booking_id == BreachNotice.booking_id) & (OutboxMessage.kind == MessageKind.BREACH)
    return own & (OutboxMessage.due_at == breach.told_at)


def _in_a_file() -> ColumnElement[bool]:
    return func.coalesce(OutboxMessage.channel, "") == IN_A_FILE


def _unreached() -> ColumnElement[bool]:
    failed = OutboxMessage.state.in_([MessageState.FAILED, MessageState.OVERTAKEN])
    return BreachNotice.to_call | func.coalesce(failed, False) | _in_a_file()
