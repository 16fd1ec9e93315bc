"""The counters of an office, what they take, and whom they have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.errors import CallOpen, CounterNumberTaken, NotFound, NotYourCounter
from queue_app.domain.roles import Actor
from queue_app.domain.visits import OPEN_STATES, VisitState
from queue_app.models import Counter, OfficeService, Service, Visit
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
    record_counter(session, "counter.created", counter, None, _facts(counter), actor=actor, now=now)
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
    record_counter(session, "counter.updated", counter, before, _facts(counter), actor=actor, now=now)
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


def counter_of(session: Session, staff_id: int, office_id: int, *, now: datetime) -> Counter | None:
    """Where somebody sits today: who forgot to leave yesterday sits nowhere this morning."""
    counter = session.scalars(
        select(Counter).where(Counter.staff_id == staff_id, Counter.office_id == office_id)
    ).one_or_none()
    return counter if counter and counter.is_taken(now) else None


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


def record_counter(
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
