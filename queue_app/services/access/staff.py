"""Staff: create them, log them in and out, and tell who is behind a session."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from queue_app.domain.accounts import needs_second_factor
from queue_app.domain.clock import lies_within
from queue_app.domain.errors import InvalidUsername, NotFound, UsernameTaken, WrongCredentials
from queue_app.domain.identity import holds_personal_number
from queue_app.domain.roles import Actor, Permission, Role, allowed
from queue_app.models import Office, SecondFactor, Staff, StaffAssignment, StaffSession
from queue_app.services.records import audit

from .password_rules import require_strong
from .passwords import hash_password


@dataclass(frozen=True)
class StaffIdentity:
    """Who is logged in, at which office just now, with the roles held there."""

    staff_id: int
    name: str
    office_id: int
    office_slug: str
    office_name: str
    time_zone: str
    roles: frozenset[Role]
    offices: tuple[tuple[int, str], ...]  # (id, name) of all offices they work at
    started_at: datetime
    last_seen_at: datetime
    must_enrol: bool  # a second factor, before anything else is open

    def is_stale(self, now: datetime) -> bool:
        """Whether `touch` is due: once a minute is enough for the idle time-out, and spares a write per request."""
        return self.started_at > now or now - self.last_seen_at >= timedelta(minutes=1)

    def may(self, permission: Permission) -> bool:
        return not self.must_enrol and allowed(self.roles, permission)


def create_staff(
    session: Session,
    *,
    username: str,
    name: str,
    password: str,
    role: Role,
    office_ids: Iterable[int],
    actor: Actor,
    now: datetime,
) -> Staff:
    """With one role at each of the offices. Raises as `add_account`."""
    held = [(office_id, role) for office_id in office_ids]
    return add_account(session, username=username, name=name, password=password, held=held, actor=actor, now=now)


def add_account(
    session: Session,
    *,
    username: str,
    name: str,
    password: str,
    held: Iterable[tuple[int, Role]],
    actor: Actor,
    now: datetime,
) -> Staff:
    """``held``: ids of offices with a role there. Raises InvalidUsername, WeakPassword, UsernameTaken, NotFound (no
    office)."""
    username = username.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,39}", username) or holds_personal_number(username):
        raise InvalidUsername()
    held = sorted(set(held))
    offices, roles = sorted({office_id for office_id, _role in held}), sorted({role for _office_id, role in held})
    names = session.scalars(select(Office.name).where(Office.id.in_(offices)))
    require_strong(password, about=(username, name, *names))
    if not offices:
        raise NotFound()
    if session.scalars(select(Staff.id).where(Staff.username == username)).first():
        raise UsernameTaken()
    staff = Staff(
        username=username,
        name=" ".join(name.split()) or username,
        password_hash=hash_password(password),
        created_at=now,
    )
    staff.assignments = [StaffAssignment(office_id=office_id, role=role) for office_id, role in held]
    session.add(staff)
    try:
        session.flush()
    except IntegrityError as problem:
        if "username" in str(problem.orig):
            raise UsernameTaken() from None  # somebody else took it in this very second
        raise
    after = {"username": username, "roles": roles, "offices": offices}
    audit.record(session, "staff.created", "staff", staff.id, actor=actor, now=now, office_id=offices[0], after=after)
    return staff


def administrator_exists(session: Session) -> bool:
    """Whether there is or ever was one: a locked account must not bring the first link back to life."""
    administrators = select(StaffAssignment.staff_id).where(StaffAssignment.role == Role.ADMINISTRATOR)
    return session.execute(administrators.limit(1)).first() is not None


def create_first_administrator(session: Session, *, username: str, name: str, password: str, now: datetime) -> Staff:
    """The administrator of all offices. Raises NotFound when there is one already, and as `create_staff` does."""
    if administrator_exists(session):
        raise NotFound()
    offices = session.scalars(select(Office.id)).all()
    return create_staff(
        session,
        username=username,
        name=name,
        password=password,
        role=Role.ADMINISTRATOR,
        office_ids=offices,
        actor=Actor.system("first-administrator"),
        now=now,
    )


def label_of(session: Session, username: str) -> str:
    """The account as logs may name it: what was typed as a user name may be a password in the wrong field."""
    found = session.scalars(select(Staff.id).where(Staff.username == username.strip().lower())).one_or_none()
    return "no account" if found is None else Actor.staff(found).label


def start_session(
    session: Session, staff_id: int, *, now: datetime, by_provider: bool = False, vouched: bool = False
) -> str:
    """Begin a session at the first of the offices; return the token for the cookie.

    ``vouched``: the provider by which somebody logs in has asked for a second factor.
    """
    staff = session.get_one(Staff, staff_id)
    if not staff.assignments:
        raise WrongCredentials()
    token = secrets.token_urlsafe(32)
    office_id, hashed = staff.assignments[0].office_id, token_hash(token)
    times = {"started_at": now, "last_seen_at": now}
    session.add(StaffSession(token_hash=hashed, staff_id=staff.id, office_id=office_id, vouched=vouched, **times))
    who = Actor.staff(staff.id)
    after = {"means": "provider"} if by_provider else None
    audit.record(session, "staff.logged_in", "staff", staff.id, actor=who, now=now, office_id=office_id, after=after)
    return token


# Asked by every page of the office: made once, and one statement.
_WORKS_AT = aliased(Office)
_OF_SESSION = (
    select(
        StaffSession.staff_id,
        StaffSession.office_id,
        StaffSession.started_at,
        StaffSession.last_seen_at,
        StaffSession.vouched,
        Staff.name,
        Office.slug,
        Office.name.label("office_name"),
        Office.time_zone,
        StaffAssignment.role,
        StaffAssignment.office_id.label("works_at"),
        _WORKS_AT.name.label("works_at_name"),
        SecondFactor.on_since,
    )
    .join(Staff, Staff.id == StaffSession.staff_id)
    .join(Office, Office.id == StaffSession.office_id)
    .outerjoin(SecondFactor, SecondFactor.staff_id == Staff.id)
    .outerjoin(StaffAssignment, StaffAssignment.staff_id == Staff.id)
    .outerjoin(_WORKS_AT, _WORKS_AT.id == StaffAssignment.office_id)
    .where(StaffSession.token_hash == bindparam("token_hash"), StaffSession.ended_at.is_(None), Staff.active)
    .order_by(StaffAssignment.office_id)
)


def current(
    session: Session, token: str, *, now: datetime, idle: timedelta, absolute: timedelta
) -> StaffIdentity | None:
    """Who holds this session token; None when it is unknown, ended, idle too long or too old (`lies_within`)."""
    rows = session.execute(_OF_SESSION, {"token_hash": token_hash(token)}).all()
    if not rows:
        return None
    first = rows[0]
    if not lies_within(first.last_seen_at, idle, now) or not lies_within(first.started_at, absolute, now):
        return None
    return StaffIdentity(
        staff_id=first.staff_id,
        name=first.name,
        office_id=first.office_id,
        office_slug=first.slug,
        office_name=first.office_name,
        time_zone=first.time_zone,
        roles=frozenset(row.role for row in rows if row.works_at == first.office_id),
        offices=tuple({row.works_at: row.works_at_name for row in rows if row.works_at}.items()),
        started_at=first.started_at,
        last_seen_at=first.last_seen_at,
        must_enrol=not (first.on_since or first.vouched) and needs_second_factor(row.role for row in rows if row.role),
    )


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Seen now. It cannot have begun later than that, or its end would lie as far off as the clock was wrong."""
    begun = case((StaffSession.started_at > now, now), else_=StaffSession.started_at)
    seen = case((StaffSession.last_seen_at < now, now), else_=StaffSession.last_seen_at)
    values = {"last_seen_at": seen, "started_at": begun}
    session.execute(update(StaffSession).where(StaffSession.token_hash == token_hash(token)).values(values))


def switch_office(session: Session, token: str, office_id: int) -> None:
    """Go on at another of the offices one works at; raise NotFound for any other."""
    row = session.get(StaffSession, token_hash(token))
    if row is None or office_id not in {assignment.office_id for assignment in row.staff.assignments}:
        raise NotFound()
    row.office_id = office_id


def end_session(session: Session, token: str, *, now: datetime) -> None:
    """Log out. Ending an ended session changes nothing."""
    row = session.get(StaffSession, token_hash(token))
    if row is None or row.ended_at is not None:
        return
    row.ended_at = now
    who = Actor.staff(row.staff_id)
    audit.record(session, "staff.logged_out", "staff", row.staff_id, actor=who, now=now, office_id=row.office_id)


def purge_sessions(session: Session, *, before: datetime) -> int:
    """Delete sessions not used since ``before``; return how many."""
    count = session.scalar(select(func.count()).select_from(StaffSession).where(StaffSession.last_seen_at < before))
    session.execute(delete(StaffSession).where(StaffSession.last_seen_at < before))
    return count or 0


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
