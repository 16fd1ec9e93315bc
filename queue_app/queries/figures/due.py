"""Days whose figures are missing, or were counted before something of the day was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.visits import VisitState
from queue_app.models import DayFigures, Office, Slot, Ticket, Visit, VisitStep

# What is changed after a day is changed within two weeks (R-ABSENT-2: taken back for seven days, moved for seven more);
# an older day is looked at for as long as somebody of it is neither here nor absent.
LOOKED_AT = timedelta(days=21)


@dataclass(frozen=True)
class DueDay:
    office_id: int
    zone: str
    day: date


def finished_days(
    session: Session, *, now: datetime, slug: str | None = None, first: date = date.min, last: date = date.max
) -> list[DueDay]:
    """All days that are over, of one office or of all, within a range; the oldest first."""
    return [
        DueDay(office.id, office.time_zone, day)
        for office in _offices(session)
        if slug in (None, office.slug)
        for day in _made(session, office.id, first, min(last, _yesterday(office, now)))
    ]


def due_days(session: Session, *, now: datetime) -> list[DueDay]:
    """Of the finished days those without figures, and those that look otherwise than when they were counted.

    Days are counted from the oldest on, so none is missing long before the newest.
    """
    due = []
    for office in _offices(session):
        counted = _counted(session, office.id, now=now)
        newest = session.scalar(select(func.max(DayFigures.day)).where(DayFigures.office_id == office.id))
        first = newest - LOOKED_AT if newest else date.min
        days = {*_made(session, office.id, first, _yesterday(office, now)), *counted}
        due += [
            DueDay(office.id, office.time_zone, day)
            for day in sorted(days)
            if day not in counted or counted[day] != mark_of(session, office.id, day)
        ]
    return due


def mark_of(session: Session, office_id: int, day: date) -> str:
    """What all rows of a day look like from afar: another text when one of them was added, taken away or changed.

    Each change of a ticket or visit that figures go by sets its time, and those in each state are counted beside: of
    two who change something at once the later time may be stored first.
    """

    def seen(table: Any, *values: ColumnElement[Any]) -> str:
        row = session.execute(select(func.count(), *values).where(table.office_id == office_id, table.day == day)).one()
        return ",".join(str(value or 0) for value in row)

    def in_states(table: Any, states: Iterable[StrEnum]) -> Iterator[ColumnElement[Any]]:
        for state in states:
            yield func.count(case((table.state == state, 1)))

    accepting = func.sum(case((Slot.accepts, Slot.planned), else_=0))
    return "/".join(
        (
            seen(Slot, func.sum(Slot.planned), accepting),
            seen(Ticket, func.max(Ticket.state_since), func.count(Ticket.priority), *in_states(Ticket, TicketState)),
            seen(Visit, func.max(Visit.since), func.count(Visit.outcome), *in_states(Visit, VisitState)),
            seen(VisitStep, func.max(VisitStep.id), func.count(VisitStep.undone_at)),
        )
    )


def _offices(session: Session) -> Sequence[Any]:
    return session.execute(select(Office.id, Office.time_zone, Office.slug).order_by(Office.id)).all()


def _yesterday(office: Any, now: datetime) -> date:
    return office_date(now, office.time_zone) - timedelta(days=1)


def _made(session: Session, office_id: int, first: date, last: date) -> Sequence[date]:
    """Days of which there are places; nobody has a ticket for another one."""
    days = select(Slot.day).where(Slot.office_id == office_id, Slot.day.between(first, last)).distinct()
    return session.scalars(days.order_by(Slot.day)).all()


def _counted(session: Session, office_id: int, *, now: datetime) -> dict[date, str]:
    """The marks of the days that are looked at again."""
    marks = select(DayFigures.day, DayFigures.mark).where(DayFigures.office_id == office_id)
    again = now.date() - LOOKED_AT - timedelta(days=1)
    recent, unsettled = marks.where(DayFigures.day >= again), marks.where(DayFigures.unsettled > 0)
    return {day: mark for which in (recent, unsettled) for day, mark in session.execute(which)}
