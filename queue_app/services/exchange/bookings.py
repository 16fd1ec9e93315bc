"""Take over the bookings of another system: each is made as a desk makes one, within the same quota."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from queue_app.domain.exchange.rows import ImportRow
from queue_app.domain.keyring import Keyring
from queue_app.domain.priority import Channel
from queue_app.domain.roles import Actor
from queue_app.domain.tickets import show_number
from queue_app.models import Office, Slot
from queue_app.services.assisted.book_for_others import AssistedRequest, book_assisted
from queue_app.services.booking.places import lock_slots
from queue_app.services.records import audit

from .booking_rows import BookingReader, BookingRow, ReadEmail
from .places_left import refused_for_places
from .report import Act, Done, Report, in_turn


@dataclass(frozen=True)
class Importer:
    """Who takes bookings over, for which offices, and whether people are sent their tickets (``tells``)."""

    offices: Sequence[Office]
    keyring: Keyring
    actor: Actor
    tells: bool


def import_bookings(
    session: Session, rows: Sequence[ImportRow], importer: Importer, *, read_email: ReadEmail, now: datetime
) -> Report:
    """One booking a row, from the public places and those for people who are helped: nobody gets one past the quota,
    nor a second one for the same service. Where an hour has fewer places than rows, the earlier rows have them.
    What is given of each row: number, code, old number. Raises ImportRefused.
    """
    reader = BookingReader(session, rows, importer.offices, read_email, now=now)
    read = {row.line: reader.read(row) for row in rows}
    sound = {line: one for line, one in read.items() if one}
    _lock_windows(session, sound.values())
    persons = {line: _index(one, importer.keyring) for line, one in sound.items()}
    refused = refused_for_places(session, [(line, one, persons[line]) for line, one in sound.items()], now=now)

    def act(row: ImportRow) -> Done:
        row.require_sound()
        if row.line in refused:
            raise refused[row.line]
        wanted = sound[row.line]
        by: dict[str, Any] = {"keyring": importer.keyring, "now": now, "actor": importer.actor}
        booked = book_assisted(session, _request(wanted, importer), office_id=wanted.offering.office_id, **by)
        ticket = booked.tickets[0]
        if wanted.old_number:
            _remember_number(session, ticket.id, wanted, importer, now=now)
        told = (wanted.applicant.name or "", wanted.offering.service.name_id, wanted.slot.day, wanted.clock)
        given = (show_number(booked.letter, ticket.queue_number), booked.code, wanted.old_number)
        return Done(row.line, Act.BOOK, told, given)

    # Slots before persons, and persons in the order of the unique index, as whoever else stores several at once
    # (`services/booking/claim.py`): nobody waits for each other in a circle.
    return in_turn(session, sorted(rows, key=lambda row: persons.get(row.line, b"")), act)


def _index(wanted: BookingRow, keyring: Keyring) -> bytes:
    return keyring.person_index(wanted.applicant.nik.digits)


def _request(wanted: BookingRow, importer: Importer) -> AssistedRequest:
    return AssistedRequest(
        offering_id=wanted.offering.id,
        starts_at=wanted.slot.starts_at,
        applicants=(wanted.applicant,),
        phone=wanted.phone,
        email=wanted.email,
        language="id",
        request_key=secrets.token_urlsafe(16),
        channel=Channel.DESK,
        tells=importer.tells,
    )


def _lock_windows(session: Session, rows: Iterable[BookingRow]) -> None:
    """All slots of the windows, of whatever share, in the one order in which everybody locks them."""
    windows = {(row.slot.office_id, row.slot.service_id, row.slot.starts_at) for row in rows}
    of_window = tuple_(Slot.office_id, Slot.service_id, Slot.starts_at)
    slots = set(session.scalars(select(Slot.id).where(of_window.in_(sorted(windows)))))
    lock_slots(session, Slot.id.in_(sorted(slots)))


def _remember_number(
    session: Session, ticket_id: int, wanted: BookingRow, importer: Importer, *, now: datetime
) -> None:
    """The number on paper that somebody may still bring: the desk finds it in the ticket's history."""
    after = {"old_number": wanted.old_number}
    by: dict[str, Any] = {"actor": importer.actor, "now": now, "office_id": wanted.offering.office_id}
    audit.record(session, "ticket.taken_over", "ticket", ticket_id, **by, after=after)
