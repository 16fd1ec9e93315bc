"""Propose the holidays of coming years, and decide which of them are holidays.

A day that a library calls a holiday is never open silently: it is made as one, can be opened, and stands in a list of
what is still to be decided. A year that was decided belongs to the administrator, and nothing is proposed for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.errors import InvalidSchedule
from queue_app.domain.holidays import HolidayStatus, KnownHoliday
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import Holiday, HolidayYear, ServiceDay
from queue_app.queries.calendar.holidays import holidays_of_date
from queue_app.services.records import audit

from .holiday_days import booked_days, follow_list, lock_dates, require_nobody_booked

PROPOSER = Actor.system("propose-holidays")


def years_ahead(now: datetime) -> range:
    """The years in which a day can exist: a horizon is a year at most."""
    return range(now.year, now.year + 3)


def propose_holidays(session: Session, known: Iterable[KnownHoliday], *, now: datetime) -> int:
    """Take what a library knows of years that are not decided; return how many dates are new or have changed.

    Idempotent, so it is asked again and again: a newer version of the library knows more. A date that is in the list
    already is left to the administrator, name and all; only whether it is an estimate is brought up to date. Days on
    which somebody is booked stay open, and the administrator sees it.
    """
    decided = set(session.scalars(select(HolidayYear.year)))
    wanted = {one.date: one for one in known if one.date.year not in decided}
    listed = _listed(session, wanted)
    news = [one for one in wanted.values() if one.date not in listed or _differs(listed[one.date], one)]
    if not news:
        return 0
    rows = lock_dates(session, [one.date for one in news])
    listed = _listed(session, wanted)  # whoever held the lock may have decided
    done = [one for one in news if _propose(session, one, listed.get(one.date), rows)]
    session.flush()
    for year, of_year in groupby(sorted(done, key=lambda one: one.date), key=lambda one: one.date.year):
        after = {"dates": [one.date.isoformat() for one in of_year]}
        audit.record(session, "holidays.proposed", "holiday_year", year, actor=PROPOSER, now=now, after=after)
    return len(done)


def _listed(session: Session, dates: Collection[date]) -> dict[date, Holiday]:
    """Those that count for all offices: what one has of its own is no matter of any calendar's."""
    rows = select(Holiday).where(Holiday.date.in_(dates), Holiday.office_id.is_(None))
    return {row.date: row for row in session.scalars(rows.execution_options(populate_existing=True))}


def _differs(row: Holiday, known: KnownHoliday) -> bool:
    return row.status is HolidayStatus.PROPOSED and row.estimated != known.estimated


def _propose(session: Session, known: KnownHoliday, row: Holiday | None, days: Sequence[ServiceDay]) -> bool:
    if row is not None and not _differs(row, known):
        return False
    of_date = [day for day in days if day.day == known.date]
    if row is None:
        row = Holiday(date=known.date, name_id=known.name_id, name_en=known.name_en, status=HolidayStatus.PROPOSED)
        session.add(row)
        booked = booked_days(session, of_date)
        follow = [day for day in of_date if day.id not in booked]
    else:  # what an office has opened meanwhile stays open
        follow = [day for day in of_date if day.status is DayStatus.HOLIDAY]
    row.estimated = known.estimated
    session.flush()
    follow_list(session, holidays_of_date(session, known.date), follow)
    return True


@dataclass(frozen=True)
class Decided:
    """How many dates became certain holidays, and how many are working days after all."""

    confirmed: int
    dismissed: int


def decide_holidays(
    session: Session,
    year: int,
    accepted: Collection[date],
    *,
    complete: bool,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Decided:
    """Make what is accepted of a year's proposals certain. With ``complete`` all others are working days, whose days
    are opened, and the year is decided. What an office has opened specially stays open.

    Raises ReasonRequired; HolidayBooked when somebody holds a place on an accepted date; InvalidSchedule
    (``nothing_chosen``) when there is nothing to do.
    """
    reason = read_reason(reason)
    if not complete and not accepted:
        raise InvalidSchedule(reason="nothing_chosen")
    days = lock_dates(session, [row.date for row in _proposed(session, year)])
    coming = [day for day in days if day.day >= today and not (day.status is DayStatus.OPEN and day.set_by_hand)]
    proposed = _proposed(session, year)
    # What is past is not to be decided any more: it was as it was.
    confirmed = [row for row in proposed if row.date in accepted or (complete and row.date < today)]
    dismissed = [row for row in proposed if row not in confirmed] if complete else []
    require_nobody_booked(session, [day for day in coming if day.day in accepted])
    for row in confirmed:
        row.status = HolidayStatus.CONFIRMED
    for row in dismissed:
        row.status = HolidayStatus.DISMISSED
    session.flush()
    for row in (*confirmed, *dismissed):
        follow_list(session, holidays_of_date(session, row.date), [day for day in coming if day.day == row.date])
    if complete and session.get(HolidayYear, year) is None:
        session.add(HolidayYear(year=year, confirmed_at=now, confirmed_by=actor.label))
    session.flush()
    after: dict[str, object] = {"dates": [row.date.isoformat() for row in confirmed], "complete": complete}
    if dismissed:
        after["working_days"] = [row.date.isoformat() for row in dismissed]
    audit.record(session, "holidays.decided", "holiday_year", year, actor=actor, now=now, after=after, reason=reason)
    return Decided(len(confirmed), len(dismissed))


def _proposed(session: Session, year: int) -> Sequence[Holiday]:
    return session.scalars(
        select(Holiday)
        .where(Holiday.date.between(date(year, 1, 1), date(year, 12, 31)))
        .where(Holiday.status == HolidayStatus.PROPOSED)
        .order_by(Holiday.date)
        .execution_options(populate_existing=True)
    ).all()
