"""Book for somebody who stands at the desk, in the village office or at the kiosk: for now, or for later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound, RepeatedRequest, SlotFull
from queue_app.domain.keyring import Keyring
from queue_app.domain.overrides import Overrider
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import OfficeService, Slot, Ticket
from queue_app.services.arrivals.check_in import admit_walk_in
from queue_app.services.booking.book import Booked, book, find_repeated
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.services.records import audit

from .beyond_quota import count_walk_in, make_place
from .open_slots import slots_with_room


@dataclass(frozen=True)
class AssistedRequest:
    """What is asked for somebody who does not book themselves.

    ``starts_at``: the UTC instant of an arrival window, or None for now, without an appointment. ``exception``: the
    reason for a place beyond the quota or the day's cap, where there is no other; with ``outside_quota`` none of the
    public places is taken even where there are some. ``tells``: whether the ticket is sent.
    """

    offering_id: int
    starts_at: datetime | None
    applicants: tuple[Applicant, ...]
    phone: str | None
    language: str
    request_key: str
    channel: Channel
    priority: Priority | None = None
    exception: str | None = None
    outside_quota: bool = False
    email: str | None = None
    tells: bool = True


def book_assisted(
    session: Session,
    request: AssistedRequest,
    *,
    office_id: int,
    keyring: Keyring,
    now: datetime,
    actor: Actor,
    staff_id: int | None = None,
    second_id: int | None = None,
    device_id: int | None = None,
) -> Booked:
    """Book from the shares that are open to this person, the one kept for them first. Who came without an appointment
    is checked in at once. A repeated request returns the booking it made before.

    ``second_id``: who agrees to what is given past the rules, where one person may not any more.
    Raises what `book` raises, and WalkInsUsedUp, ReasonRequired, AgreementNeeded; RepeatedRequest when the same request
    was stored at this very moment.
    """
    reason = read_reason(request.exception) if request.exception else None
    offering = session.get(OfficeService, request.offering_id)
    if offering is None or offering.office_id != office_id or not offering.active:
        raise NotFound()
    asked, who = _asked(request, keyring), Overrider(None if request.outside_quota else staff_id, second_id)
    if repeated := find_repeated(session.connection(), asked, keyring):
        return repeated
    slots = slots_with_room(
        session,
        offering,
        request.priority,
        request.starts_at,
        places=len(request.applicants),
        now=now,
        public_too=not request.outside_quota,
    )
    booked = _first_with_room(session, slots, asked, keyring=keyring, actor=actor, now=now)
    if booked is None:
        if reason is None:
            raise SlotFull()
        slot = make_place(session, offering, request, who, reason=reason, actor=actor, now=now)
        booked = book(session, replace(asked, slot_id=slot.id, share=slot.share), keyring=keyring, now=now, actor=actor)
    if booked.repeated:  # stored by another click since the look above: nothing of this one may stay
        raise RepeatedRequest()
    if request.starts_at is None:
        count_walk_in(session, offering, booked, who, beyond_cap=reason, actor=actor, now=now)
        admit_walk_in(
            session,
            booked,
            office_id=office_id,
            staff_id=staff_id,
            device_id=device_id,
            actor=actor,
            keyring=keyring,
            now=now,
        )
    return booked


def set_priority(
    session: Session,
    ticket_id: int,
    priority: Priority | None,
    *,
    office_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Ticket:
    """Change a person's place in the order of the day. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    ticket = session.get(Ticket, ticket_id, with_for_update={"key_share": True, "of": Ticket})
    if ticket is None or ticket.office_id != office_id:
        raise NotFound()
    before, ticket.priority = ticket.priority, priority
    audit.record(
        session,
        "ticket.priority",
        "ticket",
        ticket.id,
        actor=actor,
        now=now,
        office_id=office_id,
        before={"priority": before},
        after={"priority": priority},
        reason=reason,
    )
    session.flush()
    return ticket


def _first_with_room(
    session: Session,
    slots: Sequence[Slot],
    asked: BookingRequest,
    *,
    keyring: Keyring,
    actor: Actor,
    now: datetime,
) -> Booked | None:
    for slot in slots:
        try:
            there = replace(asked, slot_id=slot.id, share=slot.share)
            return book(session, there, keyring=keyring, now=now, actor=actor)
        except SlotFull:  # somebody was faster: the next one
            continue
    return None


def _asked(request: AssistedRequest, keyring: Keyring) -> BookingRequest:
    """The request without a slot; its digest does not name one either, since a repetition may look in another."""
    people = [[applicant.name, applicant.nik.digits] for applicant in request.applicants]
    window = request.starts_at.isoformat() if request.starts_at else None
    what = [request.offering_id, window, people, request.phone, request.priority]
    return BookingRequest(
        slot_id=0,
        applicants=request.applicants,
        phone=request.phone,
        email=request.email,
        language=request.language,
        request_key=request.request_key,
        channel=request.channel,
        priority=request.priority,
        walk_in=request.starts_at is None,
        digest=keyring.request_digest(json.dumps(what)),
        tells=request.tells,
    )
