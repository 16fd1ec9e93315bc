"""Shifts of a roster: add, change and take them out, and copy a week to the next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.rosters import A_WEEK, InvalidShift, Shift, ShiftOverlaps
from queue_app.models import Counter, Office, RosterShift, Staff
from queue_app.queries.rosters.week import serves_at, shifts_between
from queue_app.services.records import audit


@dataclass(frozen=True)
class CopiedWeek:
    """How many shifts came over, and how many did not: something is there already, or nobody could sit there."""

    made: int
    left_out: int


def add_shifts(
    session: Session, wanted: Iterable[Shift], *, office_id: int, actor: Actor, now: datetime
) -> list[RosterShift]:
    """All of them or none. Raises InvalidShift, ShiftOverlaps, NotFound for a counter or person of another office."""
    shifts = sorted(wanted, key=lambda one: (one.day, one.starts_at))
    if not shifts:
        raise InvalidShift(reason="days")
    _lock(session, shifts)
    made = []
    for shift in shifts:
        _require_fit(session, shift, office_id=office_id, now=now)
        made.append(_add(session, shift, office_id))
        _record(session, "shift.added", made[-1], None, _facts(made[-1]), actor=actor, now=now)
    return made


def change_shift(
    session: Session, shift_id: int, wanted: Shift, *, absent: bool, office_id: int, actor: Actor, now: datetime
) -> RosterShift:
    """Another person, counter or hours, or that the person cannot come; the day stays. Raises as `add_shifts`."""
    row = _of_office(session, shift_id, office_id)
    wanted = replace(wanted, day=row.day)
    _lock(session, [row.shift, wanted])
    row = _of_office(session, shift_id, office_id)
    if not absent:
        _require_fit(session, wanted, office_id=office_id, now=now, but=shift_id)
    else:
        wanted.check(today=_today(session, office_id, now))
    before = _facts(row)
    row.counter_id, row.staff_id, row.absent = wanted.counter_id, wanted.staff_id, absent
    row.starts_at, row.ends_at = wanted.starts_at, wanted.ends_at
    session.flush()
    session.refresh(row)
    if (after := _facts(row)) != before:
        _record(session, "shift.changed", row, before, after, actor=actor, now=now)
    return row


def remove_shift(session: Session, shift_id: int, *, office_id: int, actor: Actor, now: datetime) -> None:
    """Raises NotFound, InvalidShift for a day that is over: what was planned then stays to be read."""
    row = _of_office(session, shift_id, office_id)
    _lock(session, [row.shift])
    row = _of_office(session, shift_id, office_id)
    row.shift.check(today=_today(session, office_id, now))
    _record(session, "shift.removed", row, _facts(row), None, actor=actor, now=now)
    session.delete(row)
    session.flush()


def copy_week(session: Session, office_id: int, monday: date, *, actor: Actor, now: datetime) -> CopiedWeek:
    """Each shift of the week to the same day of the next, those of absent people as well: leave ends with its day.

    Pressed twice it adds nothing. Raises InvalidShift where the next week is over.
    """
    last = monday + timedelta(days=6)
    if last + A_WEEK < _today(session, office_id, now):
        raise InvalidShift(reason="past")
    shifts = [
        Shift(one.counter_id, one.staff_id, one.day + A_WEEK, one.starts_at, one.ends_at)
        for one in shifts_between(session, office_id, monday, last)
    ]
    _lock(session, shifts)
    made = 0
    for shift in shifts:
        try:
            _require_fit(session, shift, office_id=office_id, now=now)
        except (InvalidShift, ShiftOverlaps, NotFound):
            continue
        _add(session, shift, office_id)
        made += 1
    if made:
        after = {"first_day": (monday + A_WEEK).isoformat(), "shifts": made}
        audit.record(
            session, "roster.copied", "office", office_id, actor=actor, now=now, office_id=office_id, after=after
        )
    return CopiedWeek(made, len(shifts) - made)


def _lock(session: Session, shifts: Collection[Shift]) -> None:
    """Whoever plans the same person or the same counter goes one after the other, in one order: people, then counters.

    Without it two who look at once both find the hour free.
    """
    for table, ids in (
        (Staff, {one.staff_id for one in shifts}),
        (Counter, {one.counter_id for one in shifts}),
    ):
        rows = select(table.id).where(table.id.in_(ids)).order_by(table.id)
        session.execute(rows.with_for_update(key_share=True))


def _require_fit(session: Session, shift: Shift, *, office_id: int, now: datetime, but: int | None = None) -> None:
    """Raise InvalidShift, ShiftOverlaps, NotFound; ``but``: the shift that this one takes the place of."""
    shift.check(today=_today(session, office_id, now))
    counter = session.get(Counter, shift.counter_id, populate_existing=True)
    if counter is None or counter.office_id != office_id:
        raise NotFound()
    if not counter.active:
        raise InvalidShift(reason="counter")
    if session.scalars(select(Staff.id).where(Staff.id == shift.staff_id, serves_at(office_id))).first() is None:
        raise InvalidShift(reason="officer")
    if other := _in_the_way(session, shift, office_id, but):
        raise ShiftOverlaps(
            whose="officer" if other.staff_id == shift.staff_id else "counter",
            counter=other.counter.number,
            name=other.staff.name,
            day=other.day,
            starts_at=other.starts_at,
            ends_at=other.ends_at,
        )


def _in_the_way(session: Session, shift: Shift, office_id: int, but: int | None) -> RosterShift | None:
    """Also at another office: somebody who works at two is at one of them."""
    on_this_day = RosterShift.day == shift.day
    of_person = (RosterShift.staff_id == shift.staff_id) & on_this_day
    at_counter = (RosterShift.office_id == office_id) & on_this_day & (RosterShift.counter_id == shift.counter_id)
    planned = (
        select(RosterShift)
        .where(or_(of_person, at_counter), ~RosterShift.absent)
        .order_by(RosterShift.starts_at, RosterShift.id)
        .execution_options(populate_existing=True)
    )
    return next((one for one in session.scalars(planned) if one.id != but and shift.clashes_with(one.shift)), None)


def _add(session: Session, shift: Shift, office_id: int) -> RosterShift:
    row = RosterShift(office_id=office_id, absent=False, **vars(shift))
    session.add(row)
    session.flush()
    return row


def _of_office(session: Session, shift_id: int, office_id: int) -> RosterShift:
    row = session.get(RosterShift, shift_id, populate_existing=True)
    if row is None or row.office_id != office_id:
        raise NotFound()
    return row


def _today(session: Session, office_id: int, now: datetime) -> date:
    return office_date(now, session.get_one(Office, office_id).time_zone)


def _facts(row: RosterShift) -> dict[str, Any]:
    return {
        "counter": row.counter.number,
        "officer": row.staff_id,
        "date": row.day.isoformat(),
        "hours": [row.starts_at.isoformat(), row.ends_at.isoformat()],
        "absent": row.absent,
    }


def _record(
    session: Session,
    action: str,
    row: RosterShift,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    audit.record(
        session,
        action,
        "roster_shift",
        row.id,
        actor=actor,
        now=now,
        office_id=row.office_id,
        before=before,
        after=after,
    )
