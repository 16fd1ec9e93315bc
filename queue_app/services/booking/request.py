"""A request for a place: what is asked for, and what stands between asking and claiming."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.calendar import Share
from queue_app.domain.errors import AlreadyBooked, InvalidParty, SlotFull
from queue_app.domain.identity import Nik
from queue_app.domain.keyring import Keyring, bound_to
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Actor
from queue_app.domain.tickets import new_booking_code

from .claim import NewBooking, NewPerson
from .first_look import SlotSeen, Sought


@dataclass(frozen=True)
class Applicant:
    """A person who comes: name and NIK already checked (`domain.identity`). A kiosk asks for no name."""

    name: str | None
    nik: Nik


@dataclass(frozen=True)
class BookingRequest:
    """What a citizen asks for. ``request_key`` is random and stays the same when the request is repeated.

    ``tells``: whether the ticket is sent.

    ``api_key_id``: the partner that asks for the citizen. ``digest``: of what was asked for, where that was no slot.
    """

    slot_id: int
    applicants: tuple[Applicant, ...]
    phone: str | None
    email: str | None
    language: str
    request_key: str | None
    share: Share = Share.PUBLIC
    api_key_id: int | None = None
    channel: Channel = Channel.ONLINE
    priority: Priority | None = None
    walk_in: bool = False
    digest: bytes | None = None
    tells: bool = True


def persons_of(request: BookingRequest, keyring: Keyring) -> tuple[bytes, ...]:
    """Their keyed hashes. Raises InvalidParty."""
    persons = tuple(keyring.person_index(applicant.nik.digits) for applicant in request.applicants)
    if not 1 <= len(persons) <= PARTY_MAX or len(set(persons)) != len(persons):
        raise InvalidParty()
    return persons


def sought(request: BookingRequest, persons: tuple[bytes, ...]) -> Sought:
    return Sought(request.slot_id, request.share, persons, request.request_key)


def require_granted(slot: SlotSeen, request: BookingRequest, *, now: datetime) -> None:
    """Refuse by what was seen: by the rules of the service, and what the guarded statement would refuse anyway."""
    if request.channel in (Channel.ONLINE, Channel.PARTNER):
        slot.rules.check_bookable(slot.day, slot.starts_at, now=now)
    else:
        slot.rules.check_assistable(slot.day, slot.ends_at, now=now)
    if slot.accepts and slot.booked + len(request.applicants) > slot.capacity:
        raise SlotFull()
    if slot.already_booked:
        raise AlreadyBooked()


def digest_of(request: BookingRequest, keyring: Keyring) -> bytes:
    """What was asked for; not the language, which may change between a request and its repetition."""
    if request.digest is not None:
        return request.digest
    people = [[applicant.name, applicant.nik.digits] for applicant in request.applicants]
    return keyring.request_digest(json.dumps([request.slot_id, request.share, people, request.phone, request.email]))


def seal(
    request: BookingRequest, slot: SlotSeen, persons: Sequence[bytes], keyring: Keyring, *, actor: Actor, now: datetime
) -> NewBooking:
    """Encrypt before the claim, so that nobody waits for it."""
    code = new_booking_code()

    def sealed(plain: str, column: str, position: int | None = None) -> bytes:
        return keyring.seal(plain, bound_to=bound_to(code, column, position))

    people = [
        NewPerson(
            position=position,
            person_index=person,
            nik=sealed(applicant.nik.digits, "nik", position),
            name=sealed(applicant.name, "name", position) if applicant.name else None,
            priority=request.priority,
        )
        for position, (person, applicant) in enumerate(zip(persons, request.applicants, strict=True))
    ]
    return NewBooking(
        keys=keyring.epoch,
        slot_id=request.slot_id,
        office_id=slot.office_id,
        letter=slot.letter,
        code=code,
        request_key=request.request_key,
        request_digest=digest_of(request, keyring) if request.request_key else None,
        api_key_id=request.api_key_id,
        channel=request.channel,
        language=request.language,
        phone=sealed(request.phone, "phone") if request.phone else None,
        email=sealed(request.email, "email") if request.email else None,
        persons=tuple(people),
        walk_in=request.walk_in,
        # Not to whoever stands in the hall with the number in hand.
        tells=request.tells and not request.walk_in,
        actor=actor.label,
        now=now,
    )
