"""The counters of an office: what they take, who sits there, and when they pause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.errors import CallOpen, CounterNumberTaken, CounterTaken, NotFound, NotYourCounter
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.domain.visits import OPEN_STATES, VisitState
from queue_app.models import Counter, OfficeService, Service, Staff, Visit
from queue_app.services.records import audit


def create_counter(
    session: Session, *, office_id: int, number: int, service_ids: Iterable[int], actor: Actor, now: datetime
) -> Counter:
    """Raises CounterNumberTaken, NotFound for a service that the office does not give."""
    counter = Counter(
        office_id=office_id, number=number, active=True, services=_services(session, office_id, service_ids)
    )
    session.add(counter)
    try:
        session.flush()
    except IntegrityError as problem:
        if "number" in str(problem.orig):
            raise CounterNumberTaken() from None
        raise
    _record(session, "counter.created", counter, None, _facts(counter), actor=actor, now=now)
    return counter


def set_counter(
    session: Session,
    counter_id: int,
    *,
    office_id: int,
    service_ids: Iterable[int],
    active: bool,
    actor: Actor,
    now: datetime,
) -> Counter:
    """Change what a counter takes, or take it out of use. Raises NotFound; CallOpen while somebody is served there."""
    counter = lock_counter(session, counter_id)
    if counter is None or counter.office_id != office_id:
        raise NotFound()
    if not active and open_call(session, counter.id):
        raise CallOpen()
    before = _facts(counter)
    counter.services, counter.active = _services(session, office_id, service_ids), active
    if not active:
        counter.staff_id = counter.signed_in_at = counter.paused_at = counter.pause_reason = None
    session.flush()
    # Whoever was sent here for what is not given here any more may go to any counter: else nobody would call them.
    here = Visit.service_id.in_([service.id for service in counter.services] if active else [])
    session.execute(
        update(Visit)
        .where(Visit.counter_id == counter.id, Visit.state == VisitState.WAITING, ~here)
        .values(counter_id=None)
        .execution_options(synchronize_session=False)
    )
    _record(session, "counter.updated", counter, before, _facts(counter), actor=actor, now=now)
    return counter


def sign_in(session: Session, counter_id: int, *, office_id: int, staff_id: int, now: datetime) -> Counter:
    """Sit down at a counter, and leave the one before. Raises NotFound, CounterTaken, CallOpen (at the one before)."""
    # One after the other: somebody who presses twice at once, and two who change places, in the order of the counters.
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
    before = select(Counter.id).where(Counter.staff_id == staff_id, Counter.id != counter_id)
    locked = {found: lock_counter(session, found) for found in sorted({counter_id, *session.scalars(before)})}
    counter = locked.pop(counter_id)
    if counter is None or counter.office_id != office_id or not counter.active:
        raise NotFound()
    for old in locked.values():
        if old is not None and old.staff_id == staff_id:  # else sent away in this very moment
            sign_out(session, old.id, staff_id=staff_id, now=now)
    if counter.staff_id == staff_id:
        return counter
    if counter.staff is not None:
        raise CounterTaken(name=counter.staff.name)
    counter.staff_id, counter.signed_in_at = staff_id, now
    counter.paused_at = counter.pause_reason = None
    session.flush()
    _record(session, "counter.signed_in", counter, None, None, actor=Actor.staff(staff_id), now=now)
    session.refresh(counter)
    return counter


def sign_out(session: Session, counter_id: int, *, staff_id: int, now: datetime) -> None:
    """Leave a counter. Raises CallOpen while somebody is called or served there."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if visit := open_call(session, counter.id):
        raise CallOpen(letter=visit.ticket.letter, number=visit.ticket.queue_number)
    _leave(session, counter, actor=Actor.staff(staff_id), now=now)


def send_away(session: Session, counter_id: int, *, office_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Free a counter whose officer went home without signing out; an open call stays with the counter."""
    reason = read_reason(reason)
    counter = lock_counter(session, counter_id)
    if counter is None or counter.office_id != office_id:
        raise NotFound()
    _leave(session, counter, actor=actor, now=now, reason=reason)


def pause(session: Session, counter_id: int, *, staff_id: int, reason: str, now: datetime) -> Counter:
    """Call nobody for a while; who is being served is served to the end. Pausing twice changes nothing.

    Raises ReasonRequired, NotYourCounter.
    """
    reason = read_reason(reason)
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if counter.paused_at is None:
        counter.paused_at, counter.pause_reason = now, reason
        session.flush()
        _record(session, "counter.paused", counter, None, None, actor=Actor.staff(staff_id), now=now, reason=reason)
    return counter


def go_on(session: Session, counter_id: int, *, staff_id: int, now: datetime) -> Counter:
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if counter.paused_at is not None:
        counter.paused_at = counter.pause_reason = None
        session.flush()
        _record(session, "counter.went_on", counter, None, None, actor=Actor.staff(staff_id), now=now)
    return counter


def lock_counter(session: Session, counter_id: int) -> Counter | None:
    """Lock a counter, then read it with those who sit there: joined to a row that had to be waited for, PostgreSQL
    would show the officer of before. Steps that name the counter need not wait for the lock (`key_share`).
    """
    session.execute(select(Counter.id).where(Counter.id == counter_id).with_for_update(key_share=True))
    return session.get(Counter, counter_id, populate_existing=True)


def own_counter(session: Session, counter_id: int, *, staff_id: int) -> Counter:
    """Lock the counter at which somebody sits: two presses there go one after the other. Raises NotYourCounter."""
    counter = lock_counter(session, counter_id)
    if counter is None or counter.staff_id != staff_id:
        raise NotYourCounter()
    return counter


def open_call(session: Session, counter_id: int) -> Visit | None:
    """Whom a counter has called or serves just now; a unique index allows no second one."""
    of_counter = select(Visit).where(Visit.counter_id == counter_id, Visit.state.in_(OPEN_STATES))
    return session.scalars(of_counter.execution_options(populate_existing=True)).one_or_none()


def counter_of(session: Session, staff_id: int, office_id: int) -> Counter | None:
    """Where somebody sits."""
    return session.scalars(
        select(Counter).where(Counter.staff_id == staff_id, Counter.office_id == office_id)
    ).one_or_none()


def _leave(session: Session, counter: Counter, *, actor: Actor, now: datetime, reason: str | None = None) -> None:
    session.execute(
        update(Counter)
        .where(Counter.id == counter.id)
        .values(staff_id=None, signed_in_at=None, paused_at=None, pause_reason=None)
        .execution_options(synchronize_session=False)
    )
    session.refresh(counter)
    _record(session, "counter.signed_out", counter, None, None, actor=actor, now=now, reason=reason)


def _services(session: Session, office_id: int, service_ids: Iterable[int]) -> list[Service]:
    wanted = set(service_ids)
    services = session.scalars(
        select(Service)
        .join(OfficeService, OfficeService.service_id == Service.id)
        .where(OfficeService.office_id == office_id, Service.id.in_(wanted))
    ).all()
    if not wanted or len(services) != len(wanted):
        raise NotFound()
    return list(services)


def _facts(counter: Counter) -> dict[str, Any]:
    return {
        "counter": counter.number,
        "active": counter.active,
        "services": sorted(one.code for one in counter.services),
    }


def _record(
    session: Session,
    action: str,
    counter: Counter,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        action,
        "counter",
        counter.id,
        actor=actor,
        now=now,
        office_id=counter.office_id,
        before=before,
        after=after,
        reason=reason,
    )
