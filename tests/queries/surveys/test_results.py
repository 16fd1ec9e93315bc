"""Results by service and period, and what of them anybody may see."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from queue_app.domain.surveys import PeriodKind, period_of
from queue_app.models import DayFigures, OfficeService
from queue_app.queries.figures.report import SUMMED
from queue_app.queries.surveys.published import published, published_days
from queue_app.queries.surveys.results import Results, results
from tests.queries.surveys.conftest import DAY, answer

QUARTER = period_of(DAY, PeriodKind.QUARTER)


def whole_quarter(session: Session, offering: OfficeService) -> Results:
    return results(session, offering.office_id, QUARTER.first, QUARTER.last)


def test_sums_by_service_with_those_served(session: Session, offering: OfficeService, other: OfficeService) -> None:
    answer(session, offering, 4, 4, 3, 3, 3)
    answer(session, other, *[1] * 5)
    answer(session, offering, 1, day=QUARTER.last + timedelta(days=1))
    counted = dict.fromkeys(SUMMED, 0) | {"served": 40}
    session.add(DayFigures(office_id=offering.office_id, day=DAY, service_id=offering.service_id, mark="", **counted))
    session.flush()
    found = whole_quarter(session, offering)
    assert [(one.result.people, one.served) for one in found.services] == [(5, 40), (5, 0)]
    assert found.services[0].result.index == Decimal("85.00")
    assert (found.total.people, found.total.index, found.left_out) == (10, Decimal("55.00"), 0)
    (alone,) = results(session, offering.office_id, QUARTER.first, QUARTER.last, service_id=other.service_id).services
    assert alone.result.index == Decimal("25.00")


def test_a_few_answers_are_not_reckoned_from_the_total(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    answer(session, other, 1, 1, 1)
    few = whole_quarter(session, offering)
    assert (few.total.people, few.total.index, few.left_out) == (3, None, 0)
    answer(session, offering, *[4] * 5)
    found = whole_quarter(session, offering)
    assert [(one.result.people, one.result.index) for one in found.services] == [(5, Decimal("100.00")), (3, None)]
    assert (found.total.people, found.total.index, found.left_out) == (5, Decimal("100.00"), 3)


def test_services_of_few_answers_count_where_they_are_not_few_together(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    answer(session, offering, 4, 4, 4)
    answer(session, other, 2, 2)
    found = whole_quarter(session, offering)
    assert (found.told, found.total.people, found.total.index, found.left_out) == ([], 5, Decimal("80.00"), 0)


def test_few_answers_are_not_published_and_cannot_be_reckoned(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    answer(session, offering, *[4] * 5)
    answer(session, other, *[1] * 4)
    (told,) = published(session, offering.office_id, QUARTER.closed_from)
    assert [one.service.id for one in told.services] == [offering.service_id]
    assert (told.total.people, told.total.index) == (5, Decimal("100.00"))
    assert published_days(session, offering.office_id, DAY, DAY + timedelta(days=15)) == {DAY: 67}


def test_a_period_is_published_when_nobody_can_add_to_it(session: Session, offering: OfficeService) -> None:
    answer(session, offering, *[4] * 5)
    assert published(session, offering.office_id, QUARTER.last + timedelta(days=14)) == []
    assert published_days(session, offering.office_id, DAY, DAY + timedelta(days=14)) == {}
    assert published_days(session, offering.office_id, DAY, DAY + timedelta(days=15)) == {DAY: 100}
