"""Results by service and period, and what of them anybody may see."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from secrets import token_hex

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.surveys import Element, PeriodKind, SurveyChannel, period_of
from queue_app.models import DayFigures, OfficeService, SurveyAnswer
from queue_app.queries.figures.report import SUMMED
from queue_app.queries.surveys.published import published, published_days
from queue_app.queries.surveys.results import results
from tests.harness.factories import make_offering, make_service
from tests.harness.fakes import FixedClock

DAY = date(2026, 9, 14)
QUARTER = period_of(DAY, PeriodKind.QUARTER)


@pytest.fixture
def other(session: Session, offering: OfficeService, clock: FixedClock) -> OfficeService:
    return make_offering(session, offering.office, make_service(session, "KK"), now=clock.now(), letter="B", days=False)


def answer(session: Session, offering: OfficeService, *scores: int, day: date = DAY) -> None:
    """One answer for each score, the same for all elements."""
    where = {"office_id": offering.office_id, "service_id": offering.service_id, "day": day}
    for score in scores:
        given = dict.fromkeys((element.value for element in Element), score)
        session.add(SurveyAnswer(key=token_hex(8), channel=SurveyChannel.LINK, **where, **given))
    session.flush()


def test_sums_by_service_with_those_served(session: Session, offering: OfficeService, other: OfficeService) -> None:
    answer(session, offering, 4, 4, 3)
    answer(session, other, 1)
    answer(session, offering, 1, day=QUARTER.last + timedelta(days=1))
    counted = dict.fromkeys(SUMMED, 0) | {"served": 40}
    session.add(DayFigures(office_id=offering.office_id, day=DAY, service_id=offering.service_id, mark="", **counted))
    session.flush()
    found = results(session, offering.office_id, QUARTER.first, QUARTER.last)
    assert [(one.result.people, one.served) for one in found.services] == [(3, 40), (1, 0)]
    assert found.services[0].result.index == Decimal("91.67")
    assert (found.total.people, found.total.index) == (4, Decimal("75.00"))
    (alone,) = results(session, offering.office_id, QUARTER.first, QUARTER.last, service_id=other.service_id).services
    assert alone.result.index == Decimal("25.00")


def test_few_answers_are_not_published_and_cannot_be_reckoned(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    answer(session, offering, *[4] * 5)
    answer(session, other, *[1] * 4)
    (told,) = published(session, offering.office_id, QUARTER.last + timedelta(days=15))
    assert [one.service.id for one in told.services] == [offering.service_id]
    assert (told.total.people, told.total.index) == (5, Decimal("100.00"))
    assert published_days(session, offering.office_id, DAY, DAY + timedelta(days=15)) == {DAY: 67}


def test_a_period_is_published_when_nobody_can_add_to_it(session: Session, offering: OfficeService) -> None:
    answer(session, offering, *[4] * 5)
    assert published(session, offering.office_id, QUARTER.last + timedelta(days=14)) == []
    assert published_days(session, offering.office_id, DAY, DAY + timedelta(days=14)) == {}
    assert published_days(session, offering.office_id, DAY, DAY + timedelta(days=15)) == {DAY: 100}
