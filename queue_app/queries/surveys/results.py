"""Results of the survey over days of one office: in all and by service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from queue_app.domain.surveys import Element, Result
from queue_app.models import Service, SurveyAnswer

from .served import served_by_service

COLUMNS = tuple(getattr(SurveyAnswer, element.value) for element in Element)
NOBODY = Result(0, dict.fromkeys(Element, 0))


@dataclass(frozen=True)
class ServiceResult:
    """Of one service; ``served``: how many there were to ask, up to now."""

    service: Service
    result: Result
    served: int


@dataclass(frozen=True)
class Results:
    """``services``: those with answers or people served."""

    services: Sequence[ServiceResult]

    @property
    def told(self) -> Sequence[ServiceResult]:
        return [one for one in self.services if one.result.is_told]

    @property
    def total(self) -> Result:
        """Of the services told, and of those of few answers where together they are not few: else what stands beside
        would tell them. Where no service is told, of all.
        """
        told = together(one.result for one in self.told)
        few = together(one.result for one in self.services if not one.result.is_told)
        return together([told, few]) if few.is_told or not told.people else told

    @property
    def left_out(self) -> int:
        """How many answers the total does without."""
        return sum(one.result.people for one in self.services) - self.total.people

    @property
    def served(self) -> int:
        return sum(one.served for one in self.services)


def results(session: Session, office_id: int, first: date, last: date, *, service_id: int | None = None) -> Results:
    counted = {one.service_id: _result(one) for one in _sums(session, office_id, first, last)}
    served = served_by_service(session, office_id, first, last)
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


def together(some: Iterable[Result]) -> Result:
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
        select(SurveyAnswer.day, func.count(), *sums).where(*within(office_id, first, last)).group_by(SurveyAnswer.day)
    )
    return {day: Result(people, dict(zip(Element, map(int, sums), strict=True))) for day, people, *sums in rows}


def within(office_id: int, first: date, last: date) -> Sequence[ColumnElement[bool]]:
    return SurveyAnswer.office_id == office_id, SurveyAnswer.day.between(first, last)


def _sums(session: Session, office_id: int, first: date, last: date) -> Sequence[Row[Any]]:
    sums = [func.sum(column).label(element.value) for element, column in zip(Element, COLUMNS, strict=True)]
    by = SurveyAnswer.service_id
    return session.execute(
        select(by, func.count().label("people"), *sums).where(*within(office_id, first, last)).group_by(by)
    ).all()


def _result(row: Row[Any]) -> Result:
    return Result(row.people, {element: int(getattr(row, element.value)) for element in Element})
