"""One's own account: a new password, and where one is logged in."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.clock import lies_within
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import Staff, StaffSession
from queue_app.services.records import audit

from .password_rules import require_strong
from .passwords import Proof, hash_password, still_proven
from .staff import token_hash


@dataclass(frozen=True)
class OpenSession:
    """A log-in that is good. ``name``: for telling them apart, opens nothing. ``this``: the one that asks."""

    name: str
    office_name: str
    started_at: datetime
    last_seen_at: datetime
    this: bool


def open_sessions(
    session: Session, staff_id: int, token: str, *, now: datetime, idle: timedelta, absolute: timedelta
) -> list[OpenSession]:
    """The newest first."""
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
        .order_by(StaffSession.started_at.desc())
    )
    this = token_hash(token)
    return [
        OpenSession(_name(row), row.office.name, row.started_at, row.last_seen_at, row.token_hash == this)
        for row in rows
        if lies_within(row.last_seen_at, idle, now) and lies_within(row.started_at, absolute, now)
    ]


def end_one(session: Session, staff_id: int, name: str, *, now: datetime) -> None:
    """End the log-in of this name (`OpenSession`), one's own. Raises NotFound; one that has ended stays so."""
    theirs = session.scalars(select(StaffSession).where(StaffSession.staff_id == staff_id))
    row = next((one for one in theirs if hmac.compare_digest(_name(one), name)), None)
    if row is None:
        raise NotFound()
    if row.ended_at is None:
        row.ended_at = now
        who = Actor.staff(staff_id)
        audit.record(session, "staff.sessions_ended", "staff", staff_id, actor=who, now=now, office_id=row.office_id)


def _name(row: StaffSession) -> str:
    """Not the hash that is stored: what stands in an address should be good for nothing else."""
    return hashlib.sha256(b"name" + row.token_hash).hexdigest()[:16]


def new_hash(session: Session, staff_id: int, new: str) -> str:
    """Of a password that will do. Before any transaction that writes: it takes a while. Raises WeakPassword."""
    staff = session.get_one(Staff, staff_id)
    require_strong(new, about=(staff.username, staff.name, *(one.office.name for one in staff.assignments)))
    return hash_password(new)


def change_password(session: Session, proof: Proof, new: str, *, now: datetime) -> None:
    """To the one that ``new`` is the hash of. Ends every session of the account, this one too: whoever else was in is
    out. Raises WrongCredentials when the present one has just become another.
    """
    staff_id = proof.staff_id
    still_proven(session, proof).password_hash = new
    session.flush()  # a log-in that waits for this row must not begin its session after the others are ended
    end_sessions(session, staff_id, actor=Actor.staff(staff_id), now=now, action="staff.password_changed")


def end_sessions(
    session: Session,
    staff_id: int,
    *,
    actor: Actor,
    now: datetime,
    keep: str | None = None,
    action: str = "staff.sessions_ended",
    reason: str | None = None,
) -> int:
    """End the sessions of an account at once, but for the one of the token ``keep``; return how many."""
    others = update(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    if keep is not None:
        others = others.where(StaffSession.token_hash != token_hash(keep))
    ended = session.execute(
        others.values(ended_at=now).returning(StaffSession.staff_id).execution_options(synchronize_session="fetch")
    ).all()
    office_id = first_office(session.get_one(Staff, staff_id))
    audit.record(session, action, "staff", staff_id, actor=actor, now=now, office_id=office_id, reason=reason)
    return len(ended)


def record_own(
    session: Session, action: str, staff: Staff, *, now: datetime, after: dict[str, Any] | None = None
) -> None:
    """What somebody did to their own account."""
    by, office_id = Actor.staff(staff.id), first_office(staff)
    audit.record(session, action, "staff", staff.id, actor=by, now=now, office_id=office_id, after=after)


def first_office(staff: Staff) -> int | None:
    return staff.assignments[0].office_id if staff.assignments else None
