"""Keep the list of holidays, for all offices and for single ones, and let the days that exist follow it.

Wherever an ``office_id`` is asked for, None means the holiday that counts for all offices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import STANDING, ClosedTime, ClosureKind, OfferTerms
from queue_app.domain.errors import HolidayBooked, InvalidSchedule, NotFound
from queue_app.domain.holidays import HolidayStatus
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Closure, Holiday, HolidayYear, ServiceDay
from queue_app.queries.calendar.holidays import holidays_of_date, listed_holiday
from queue_app.services.records import audit
from queue_app.services.records.upsert import insert_if_absent

from .closures import NewClosure, confirm, draft, revoke
from .holiday_days import booked_days, follow_list, lock_dates


def add_holiday(
    session: Session,
    day: date,
    *,
    office_id: int | None = None,
    name_id: str,
    name_en: str,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
    terms: OfferTerms | None = None,
) -> int:
    """Add a holiday, also one that was proposed or dismissed; return how many existing days of services became one.

    A day on which people are booked is never turned silently: without ``terms`` HolidayBooked names those days. With
    them each office that has such people closes by the same act as for any other reason: all are offered places.
    Raises ReasonRequired and InvalidSchedule (``past_holiday``, ``holiday_exists``) as well. ``today`` is the date at
    that office, or at the administrator's.
    """
    reason = read_reason(reason)
    if day < today:
        raise InvalidSchedule(reason="past_holiday")
    rows = _lock(session, day, office_id)
    names = _names(name_id, name_en)
    _enter(session, day, office_id, names)
    booked = booked_days(session, rows)
    if booked and terms is None:
        raise HolidayBooked(days=booked)
    turned = sum(row.status is DayStatus.OPEN for row in rows)
    for closed_id in sorted({row.office_id for row in rows if row.id in booked}):
        new = NewClosure(ClosedTime(day, day), *names, ClosureKind.HOLIDAY, terms or OfferTerms())
        closure = draft(session, closed_id, new, actor=actor, now=now)
        confirm(session, closure.id, office_id=closed_id, actor=actor, now=now)
    follow_list(session, holidays_of_date(session, day), rows)
    after = {"date": day.isoformat(), "name": names[0], "days": turned}
    _record(session, "holiday.added", day, office_id, after=after, reason=reason, actor=actor, now=now)
    return turned


def rename_holiday(
    session: Session,
    day: date,
    *,
    office_id: int | None = None,
    name_id: str,
    name_en: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what a holiday is called, on its days too; which days are holidays stays as it is.

    Raises ReasonRequired, NotFound.
    """
    reason = read_reason(reason)
    rows = _lock(session, day, office_id)
    holiday = _in_force(session, day, office_id)
    before = {"date": day.isoformat(), "name": holiday.name_id}
    holiday.name_id, holiday.name_en = _names(name_id, name_en)
    session.flush()
    follow_list(session, holidays_of_date(session, day), [row for row in rows if row.status is DayStatus.HOLIDAY])
    after = {"date": day.isoformat(), "name": holiday.name_id}
    _record(session, "holiday.renamed", day, office_id, before=before, after=after, reason=reason, actor=actor, now=now)


def delete_holiday(
    session: Session,
    day: date,
    *,
    office_id: int | None = None,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> int:
    """Take a holiday off the list and open its days; what was closed for it is revoked. Returns how many days.

    Where another holiday of the date counts the day stays one, by that name, and so does its closure. As long as its
    year is not decided one for all offices is remembered as dismissed, else it would be proposed again.

    Raises ReasonRequired, NotFound, InvalidSchedule (``past_holiday``).
    """
    reason = read_reason(reason)
    if day < today:
        raise InvalidSchedule(reason="past_holiday")
    closures = _closures_of(session, day, office_id)
    rows = [row for row in _lock(session, day, office_id) if row.status is DayStatus.HOLIDAY]
    holiday = _in_force(session, day, office_id)
    before: dict[str, Any] = {"date": day.isoformat(), "name": holiday.name_id}
    if office_id is None and session.get(HolidayYear, day.year) is None:
        holiday.status = HolidayStatus.DISMISSED
    else:
        session.delete(holiday)
    session.flush()
    left = holidays_of_date(session, day)
    opened = sum(left.at(row.office_id) is None for row in rows)
    for closure in closures:
        if left.at(closure.office_id) is None:
            revoke(session, closure.id, office_id=closure.office_id, reason=reason, actor=actor, now=now)
    follow_list(session, left, rows)
    before["days"] = opened
    _record(session, "holiday.deleted", day, office_id, before=before, reason=reason, actor=actor, now=now)
    return opened


def _closures_of(session: Session, day: date, office_id: int | None) -> Sequence[Closure]:
    """Those that a holiday has made and that stand, locked before everything else."""
    here = [] if office_id is None else [Closure.office_id == office_id]
    return session.scalars(
        select(Closure)
        .where(Closure.kind == ClosureKind.HOLIDAY, Closure.first_day == day, Closure.state.in_(STANDING), *here)
        .order_by(Closure.id)
        .with_for_update(key_share=True, of=Closure)
    ).all()


def _lock(session: Session, day: date, office_id: int | None) -> Sequence[ServiceDay]:
    return lock_dates(session, [day], office_ids=None if office_id is None else [office_id])


def _enter(session: Session, day: date, office_id: int | None, names: tuple[str, str]) -> None:
    """Raises InvalidSchedule (``holiday_exists``): of several who enter one at an office one has won.

    The calendars are locked, but an office that gives nothing yet has none.
    """
    values = {"name_id": names[0], "name_en": names[1], "status": HolidayStatus.CONFIRMED, "estimated": False}
    key = ["date"] if office_id is None else ["office_id", "date"]
    if insert_if_absent(session, Holiday, key, date=day, office_id=office_id, **values):
        return
    undecided = session.execute(
        update(Holiday)
        .where(Holiday.date == day, Holiday.office_id.is_not_distinct_from(office_id))
        .where(Holiday.status != HolidayStatus.CONFIRMED)
        .values(**values)
        .returning(Holiday.id)
        .execution_options(synchronize_session=False)
    )
    if undecided.first() is None:
        raise InvalidSchedule(reason="holiday_exists")


def _in_force(session: Session, day: date, office_id: int | None) -> Holiday:
    holiday = listed_holiday(session, day, office_id)
    if holiday is None or holiday.status is HolidayStatus.DISMISSED:
        raise NotFound()
    return holiday


def _names(name_id: str, name_en: str) -> tuple[str, str]:
    name_id = read_reason(name_id)
    return name_id, " ".join(name_en.split()) or name_id


def _record(
    session: Session,
    action: str,
    day: date,
    office_id: int | None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    told = {"before": before, "after": after}
    audit.record(
        session, action, "holiday", day.toordinal(), actor=actor, now=now, office_id=office_id, reason=reason, **told
    )
