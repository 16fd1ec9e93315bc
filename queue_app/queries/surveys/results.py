"""Results of the survey over days of one office: in all, by service, and the single answers for the office's file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from queue_app.domain.surveys import Element, Result
from queue_app.models import DayFigures, Service, SurveyAnswer, SurveyRemark

COLUMNS = tuple(getattr(SurveyAnswer, element.value) for element in Element)
NOBODY = Result(0, dict.fromkeys(Element, 0))


@dataclass(frozen=True)
class ServiceResult:
    """Of one service; ``served``: how many there were to ask, as the figures of finished days count them."""

    service: Service
    result: Result
    served: int


@dataclass(frozen=True)
class Results:
    """``services``: those with answers or people served."""

    services: Sequence[ServiceResult]

    @property
    def total(self) -> Result:
        return together(one.result for one in self.services)

    @property
    def served(self) -> int:
        return sum(one.served for one in self.services)


def results(session: Session, office_id: int, first: date, last: date, *, service_id: int | None = None) -> Results:
    counted = {one.service_id: _result(one) for one in _sums(session, office_id, first, last)}
    served = _served(session, office_id, first, last)
    known = session.scalars(
        select(Service).where(Service.id.in_({*counted, *served})).order_by(Service.position, Service.id)
    )
    return Results(
        [
            ServiceResult(one, counted.get(one.id, NOBODY), served.get(one.id, 0))
            for one in known
            if service_id in (None, one.id)
        ]
    )


def together(some: Iterator[Result]) -> Result:
    """The sums of sums."""
    people, sums = 0, dict.fromkeys(Element, 0)
    for one in some:
        people += one.people
        for element, score in one.sums.items():
            sums[element] += score
    return Result(people, sums)


def results_by_day(session: Session, office_id: int, first: date, last: date) -> dict[date, Result]:
    sums = [func.sum(column) for column in COLUMNS]
    rows = session.execute(
        select(SurveyAnswer.day, func.count(), *sums).where(*_within(office_id, first, last)).group_by(SurveyAnswer.day)
    )
    return {day: Result(people, dict(zip(Element, map(int, sums), strict=True))) for day, people, *sums in rows}


def answers(session: Session, office_id: int, first: date, last: date) -> Sequence[tuple[Any, ...]]:
    """Each answer by itself, in the order of their keys, which tells nothing: service id, channel and nine scores."""
    rows = session.execute(
        select(SurveyAnswer.service_id, SurveyAnswer.channel, *COLUMNS)
        .where(*_within(office_id, first, last))
        .order_by(SurveyAnswer.key)
    )
    return [tuple(row) for row in rows]


def remarks(session: Session, office_id: int, first: date, last: date) -> Sequence[tuple[SurveyRemark, Service]]:
    """Of the months between these days, those first that nothing was done about."""
    found = session.execute(
        select(SurveyRemark, Service)
        .join(Service, Service.id == SurveyRemark.service_id)
        .where(SurveyRemark.office_id == office_id, SurveyRemark.month.between(first.replace(day=1), last))
        .order_by(SurveyRemark.followed_up_at.is_not(None), SurveyRemark.month.desc(), SurveyRemark.key)
    )
    return [(remark, service) for remark, service in found]


def _within(office_id: int, first: date, last: date) -> Sequence[ColumnElement[bool]]:
    return SurveyAnswer.office_id == office_id, SurveyAnswer.day.between(first, last)


def _sums(session: Session, office_id: int, first: date, last: date) -> Sequence[Row[Any]]:
    sums = [func.sum(column).label(element.value) for element, column in zip(Element, COLUMNS, strict=True)]
    by = SurveyAnswer.service_id
    return session.execute(
        select(by, func.count().label("people"), *sums).where(*_within(office_id, first, last)).group_by(by)
    ).all()


def _result(row: Row[Any]) -> Result:
    return Result(row.people, {element: int(getattr(row, element.value)) for element in Element})


def _served(session: Session, office_id: int, first: date, last: date) -> dict[int, int]:
    rows = session.execute(
        select(DayFigures.service_id, func.sum(DayFigures.served))
        .where(DayFigures.office_id == office_id, DayFigures.day.between(first, last))
        .group_by(DayFigures.service_id)
    )
    return {service_id: int(served) for service_id, served in rows if served}
