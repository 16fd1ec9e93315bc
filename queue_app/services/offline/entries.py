"""Acts of a device by itself, as they are stored: once, each with the time at which it can have been."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from queue_app.domain.errors import RequestChanged
from queue_app.domain.roles import Actor
from queue_app.models import OfflineAct, OfflineEntry
from queue_app.services.booking.tickets import store
from queue_app.services.records import audit

NO_MATTER = timedelta(seconds=5)  # by which a time may be set right without a word


@dataclass(frozen=True)
class Sender:
    """Whose device speaks, in which zone its day is, and since when it may have worked by itself."""

    office_id: int
    zone: str
    staff_id: int
    earliest: datetime


@dataclass(frozen=True)
class GivenTime:
    """When something was done, as far as that can be: ``claimed`` is what the device said, where it cannot be true."""

    at: datetime
    claimed: datetime | None


def given_time(claimed: datetime, sender: Sender, *, now: datetime) -> GivenTime:
    """The time that a device gives, never in the future and never before it was last heard of (`docs/rules.md`
    R-OFFLINE-2): an hour earlier would be an hour's place in the queue.
    """
    at = min(max(claimed, sender.earliest), now)
    return GivenTime(at, claimed if abs(at - claimed) > NO_MATTER else None)


def digest_of(*content: object) -> bytes:
    """Of what an entry says, so that its nonce answers for nothing else."""
    return hashlib.blake2b(repr(content).encode(), digest_size=16).digest()


def require_same(stored: Sequence[OfflineEntry], digest: bytes, sender: Sender) -> None:
    """Raises RequestChanged when they were something else, or another office's."""
    if any(one.digest not in (None, digest) or one.office_id != sender.office_id for one in stored):
        raise RequestChanged(act=True)


def new_entry(
    nonce: str,
    act: OfflineAct,
    given: GivenTime,
    answer: str,
    sender: Sender,
    *,
    digest: bytes,
    now: datetime,
    conflict: bool,
    ticket_id: int | None,
    counter_id: int | None = None,
) -> OfflineEntry:
    return OfflineEntry(
        nonce=nonce,
        office_id=sender.office_id,
        staff_id=sender.staff_id,
        act=act,
        ticket_id=ticket_id,
        counter_id=counter_id,
        at=given.at,
        claimed_at=given.claimed,
        digest=digest,
        received_at=now,
        answer=answer,
        conflict=conflict,
    )


def store_entries(session: Session, entries: Sequence[OfflineEntry], sender: Sender) -> tuple[OfflineEntry, ...]:
    session.add_all(entries)
    store(session)
    for entry in entries:
        if entry.claimed_at is not None:
            audit.record(
                session,
                "offline.time_corrected",
                "offline_entry",
                entry.id,
                actor=Actor.staff(sender.staff_id),
                now=entry.received_at,
                office_id=sender.office_id,
                before={"time": entry.claimed_at.isoformat()},
                after={"time": entry.at.isoformat()},
            )
    session.flush()
    return tuple(entries)
