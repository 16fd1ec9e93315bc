"""A booking on trial: everything that a citizen's booking does, of which nothing stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.errors import DomainError, SlotFull
from queue_app.domain.identity import parse_nik
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.domain.tickets import show_number
from queue_app.models import OfficeService, Slot
from queue_app.queries.calendar.offices import services_of
from queue_app.services.booking.book import book
from queue_app.services.booking.request import Applicant, BookingRequest

# Of a district that does not exist, so of nobody (`docs/glossary.md`).
APPLICANT = Applicant("Pemesanan Percobaan", parse_nik("3314990101909998"))
TESTER = Actor.system("setup-trial")


@dataclass(frozen=True)
class Tried:
    """``number`` and ``starts_at`` (UTC): of the ticket that somebody would have got just now. ``refusal``: why nobody
    would get one; without a refusal and without a number there are no places at all.
    """

    offering: OfficeService
    number: str | None = None
    starts_at: datetime | None = None
    refusal: DomainError | None = None


class _Undo(Exception):
    """Takes the savepoint back."""


def try_bookings(session: Session, office_id: int, *, keyring: Keyring, now: datetime) -> list[Tried]:
    """For each service of an office the first place that can be booked at this moment."""
    return [_try(session, offering, keyring, now=now) for offering in services_of(session, office_id)]


def _try(session: Session, offering: OfficeService, keyring: Keyring, *, now: datetime) -> Tried:
    slots = _coming(session, offering, now=now)
    refusal: DomainError | None = SlotFull() if slots else None
    for slot in slots:
        if slot.booked >= slot.capacity:
            continue
        try:
            number = _book_and_undo(session, slot, keyring, now=now)
            return Tried(offering, number, slot.starts_at)
        except DomainError as problem:
            if not isinstance(problem, SlotFull):
                refusal = problem  # the last word is about the latest hour: when booking for it opens
    return Tried(offering, refusal=refusal)


def _coming(session: Session, offering: OfficeService, *, now: datetime) -> Sequence[Slot]:
    return session.scalars(
        select(Slot)
        .where(
            Slot.office_id == offering.office_id,
            Slot.service_id == offering.service_id,
            Slot.share == Share.PUBLIC,
            Slot.accepts,
            Slot.capacity > 0,
            Slot.starts_at > now,
        )
        .order_by(Slot.starts_at)
    ).all()


def _book_and_undo(session: Session, slot: Slot, keyring: Keyring, *, now: datetime) -> str:
    request = BookingRequest(slot.id, (APPLICANT,), None, None, "id", None)
    number = ""
    try:
        with session.begin_nested():
            booked = book(session, request, keyring=keyring, now=now, actor=TESTER)
            number = show_number(booked.letter, booked.tickets[0].queue_number)
            raise _Undo
    except _Undo:
        session.expire_all()
    return number
