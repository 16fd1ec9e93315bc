"""The list of holidays, and the years for which nobody has decided yet which days they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from queue_app.domain.booking import EXPECTED_STATES
from queue_app.domain.calendar import DayStatus
from queue_app.domain.holidays import IN_FORCE, HolidayStatus, years_to_decide
from queue_app.models import Holiday, HolidayYear, OfficeService, ServiceDay, Slot, Ticket


@dataclass(frozen=True)
class UndecidedYear:
    """``proposed``: dates that are holidays only because a library says so; ``days``: days of services made already."""

    year: int
    proposed: int
    days: int


@dataclass(frozen=True)
class HolidaysOfDate:
    """Those in force on one date, by the office for which each counts; None: all of them."""

    by_office: Mapping[int | None, Holiday]

    def at(self, office_id: int) -> Holiday | None:
        """The one that names the day there: that of all offices before its own."""
        return self.by_office.get(None) or self.by_office.get(office_id)


def holidays_of_date(session: Session, day: date) -> HolidaysOfDate:
    rows = select(Holiday).where(Holiday.date == day, Holiday.status.in_(IN_FORCE))
    found = session.scalars(rows.execution_options(populate_existing=True))
    return HolidaysOfDate({row.office_id: row for row in found})


def listed_holiday(session: Session, day: date, office_id: int | None) -> Holiday | None:
    """The row of a date for one office, or (None) for all, dismissed ones too."""
    which = (Holiday.date == day, Holiday.office_id.is_not_distinct_from(office_id))
    rows = select(Holiday).where(*which).execution_options(populate_existing=True)
    return session.scalars(rows).one_or_none()


def holidays_between(session: Session, first: date, last: date, office_ids: Collection[int]) -> list[Holiday]:
    """All that are in force for all offices or for one of these, both dates included, in order of time."""
    counts = Holiday.office_id.is_(None) | Holiday.office_id.in_(office_ids)
    which = (Holiday.date.between(first, last), Holiday.status.in_(IN_FORCE), counts)
    order = Holiday.date, Holiday.office_id.is_not(None), Holiday.office_id
    return list(session.scalars(select(Holiday).where(*which).order_by(*order).options(joinedload(Holiday.office))))


def holidays_at(session: Session, office_id: int, first: date, last: date) -> dict[date, Holiday]:
    """Those of an office by date, proposed ones too: each date by what names it there."""
    found = holidays_between(session, first, last, [office_id])
    return {one.date: one for one in reversed(found)}  # that for all offices comes first, and so has the last word


def proposed_holidays(session: Session, year: int, *, first: date) -> list[Holiday]:
    """What is still to be decided of a year, from a date on."""
    return list(
        session.scalars(
            select(Holiday)
            .where(Holiday.status == HolidayStatus.PROPOSED)
            .where(Holiday.date.between(max(first, date(year, 1, 1)), date(year, 12, 31)))
            .order_by(Holiday.date)
        )
    )


def undecided_years(session: Session, today: date) -> tuple[UndecidedYear, ...]:
    """The years to be decided by now for which nobody has done it."""
    until = session.scalars(select(func.max(OfficeService.days_made_until)).where(OfficeService.active)).one()
    decided = set(session.scalars(select(HolidayYear.year)))
    return tuple(_undecided(session, year, today) for year in years_to_decide(today, until) if year not in decided)


def _undecided(session: Session, year: int, today: date) -> UndecidedYear:
    first, last = max(today, date(year, 1, 1)), date(year, 12, 31)
    days = select(func.count()).select_from(ServiceDay).where(ServiceDay.day.between(first, last))
    return UndecidedYear(
        year,
        proposed=len(proposed_holidays(session, year, first=today)),
        days=session.scalars(days).one(),
    )


def people_on(session: Session, dates: Collection[date]) -> dict[date, int]:
    """How many are expected on the open days of each date that has any."""
    rows = session.execute(
        select(ServiceDay.day, func.count())
        .join(Slot, Slot.service_day_id == ServiceDay.id)
        .join(Ticket, Ticket.slot_id == Slot.id)
        .where(ServiceDay.day.in_(dates), ServiceDay.status == DayStatus.OPEN, Ticket.state.in_(EXPECTED_STATES))
        .group_by(ServiceDay.day)
    )
    return dict(rows.all())


def is_decided(session: Session, year: int) -> bool:
    return session.get(HolidayYear, year) is not None
