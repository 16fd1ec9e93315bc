"""Seats: sit down at a counter, pause there, and leave it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import CallOpen, CounterTaken, NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Counter, Staff

from .counters import lock_counter, open_call, own_counter, record_counter
from .day_end import end_past_visit


def sign_in(session: Session, counter_id: int, *, office_id: int, staff_id: int, now: datetime) -> Counter:
    """Sit down at a counter, and leave the one before. Raises NotFound, CounterTaken, CallOpen (at the one before).

    Whoever forgot to leave yesterday, and whom they had then, keeps nobody from beginning the day.
    """
    # One after the other: somebody who presses twice at once, and two who change places, in the order of the counters.
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update(key_share=True))
    before = select(Counter.id).where(Counter.staff_id == staff_id, Counter.id != counter_id)
    locked = {found: lock_counter(session, found) for found in sorted({counter_id, *session.scalars(before)})}
    counter = locked.pop(counter_id)
    if counter is None or counter.office_id != office_id or not counter.active:
        raise NotFound()
    for old in locked.values():
        if old is not None and old.staff_id == staff_id:  # else sent away in this very moment
            end_past_visit(session, old, now=now)
            sign_out(session, old.id, staff_id=staff_id, now=now)
    end_past_visit(session, counter, now=now)
    if counter.is_taken(now):
        if counter.staff_id == staff_id:
            return counter
        raise CounterTaken(name=counter.staff.name if counter.staff else "")
    counter.staff_id, counter.signed_in_at = staff_id, now
    counter.paused_at = counter.pause_reason = None
    session.flush()
    record_counter(session, "counter.signed_in", counter, None, None, actor=Actor.staff(staff_id), now=now)
    session.refresh(counter)
    return counter


def sign_out(session: Session, counter_id: int, *, staff_id: int, now: datetime) -> None:
    """Leave a counter. Raises CallOpen while somebody is called or served there."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if visit := open_call(session, counter.id):
        raise CallOpen(letter=visit.ticket.letter, number=visit.ticket.queue_number)
    leave(session, counter, actor=Actor.staff(staff_id), now=now)


def send_away(session: Session, counter_id: int, *, office_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Free a counter whose officer went home without signing out; an open call stays with the counter."""
    reason = read_reason(reason)
    counter = lock_counter(session, counter_id)
    if counter is None or counter.office_id != office_id:
        raise NotFound()
    leave(session, counter, actor=actor, now=now, reason=reason)


def pause(session: Session, counter_id: int, *, staff_id: int, reason: str, now: datetime) -> Counter:
    """Call nobody for a while; who is being served is served to the end. Pausing twice changes nothing.

    Raises ReasonRequired, NotYourCounter.
    """
    reason = read_reason(reason)
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if counter.paused_at is None:
        counter.paused_at, counter.pause_reason = now, reason
        session.flush()
        record_counter(
            session, "counter.paused", counter, None, None, actor=Actor.staff(staff_id), now=now, reason=reason
        )
    return counter


def go_on(session: Session, counter_id: int, *, staff_id: int, now: datetime) -> Counter:
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if counter.paused_at is not None:
        counter.paused_at = counter.pause_reason = None
        session.flush()
        record_counter(session, "counter.went_on", counter, None, None, actor=Actor.staff(staff_id), now=now)
    return counter


def leave(session: Session, counter: Counter, *, actor: Actor, now: datetime, reason: str | None = None) -> None:
    """Nobody sits there any more, and it does not pause."""
    session.execute(
        update(Counter)
        .where(Counter.id == counter.id)
        .values(staff_id=None, signed_in_at=None, paused_at=None, pause_reason=None)
        .execution_options(synchronize_session=False)
    )
    session.refresh(counter)
    record_counter(session, "counter.signed_out", counter, None, None, actor=actor, now=now, reason=reason)
