"""Answers and remarks one by one tell no service of few answers, also not to who reckons with what stands beside."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from sqlalchemy.orm import Session

from queue_app.domain.figures.openness import FEWEST
from queue_app.domain.surveys import Element, PeriodKind, SurveyChannel, period_of
from queue_app.models import OfficeService
from queue_app.queries.surveys.results import results
from queue_app.queries.surveys.singly import answers, remarks
from tests.harness.factories import make_offering, make_service
from tests.harness.fakes import FixedClock
from tests.queries.surveys.conftest import DAY, answer

QUARTER = period_of(DAY, PeriodKind.QUARTER)


def rows(session: Session, offering: OfficeService) -> Counter[tuple[int | None, str | None, int]]:
    """How many there are of each service id, channel and first score."""
    found = answers(session, offering.office_id, QUARTER)
    return Counter((service and service.id, channel, score) for service, channel, score, *_ in found)


def headings(session: Session, offering: OfficeService, service_id: int | None = None) -> dict[str, int | None]:
    """The service id, or None, that stands over each remark of the quarter."""
    of_quarter = session, offering.office_id, QUARTER.first, QUARTER.last
    return {one.remark: service and service.id for one, service in remarks(*of_quarter, service_id=service_id)}


def test_answers_of_few_are_left_out_where_the_total_is_without_them(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    answer(session, offering, *[4] * 5)
    answer(session, other, 1)
    assert rows(session, offering) == {(offering.service_id, "link", 4): 5}


def test_services_of_few_answers_stand_together_without_a_name(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    answer(session, offering, 4, 4, 4)
    answer(session, other, 2)
    assert rows(session, offering) == {}
    answer(session, other, 2)
    assert rows(session, offering) == {(None, None, 4): 3, (None, None, 2): 2}


def test_a_channel_of_few_is_told_of_none(session: Session, offering: OfficeService, other: OfficeService) -> None:
    answer(session, offering, *[4] * 5)
    answer(session, offering, 1, channel=SurveyChannel.KIOSK)
    answer(session, other, *[3] * 5, channel=SurveyChannel.KIOSK)
    service, beside = offering.service_id, other.service_id
    assert rows(session, offering) == {(service, None, 4): 5, (service, None, 1): 1, (beside, "kiosk", 3): 5}


def test_what_is_told_singly_adds_up_to_the_total_and_tells_nobody(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    """Whatever there is: all of a name or of none are five or more, and the sums are those of the index."""
    chance, now = random.Random(14), clock.now()
    offerings = [offering] + [
        make_offering(session, offering.office, make_service(session, f"S{n}"), now=now, letter=letter, days=False)
        for n, letter in enumerate("BCD")
    ]
    for number in range(20):
        quarter = period_of(date(2020 - number, 5, 4), PeriodKind.QUARTER)
        for one in offerings:
            answer(session, one, *chance.choices((1, 2, 3, 4), k=chance.choice((0, 1, 2, 4, 5, 9))), day=quarter.first)
        found = answers(session, offering.office_id, quarter)
        total = results(session, offering.office_id, quarter.first, quarter.last).total
        named = Counter(service and service.id for service, *_ in found)
        assert all(people >= FEWEST for people in named.values())
        if total.is_told:
            assert len(found) == total.people
            assert [sum(row[2 + place] for row in found) for place in range(9)] == [total.sums[one] for one in Element]
        else:
            assert found == []


def test_a_remark_of_few_answers_has_no_service_nor_has_what_would_tell_it(
    session: Session, offering: OfficeService, other: OfficeService
) -> None:
    before = DAY - timedelta(days=31)
    answer(session, offering, *[4] * 5, remark="Cepat")
    answer(session, other, 1, remark="Panas")
    answer(session, offering, *[4] * 5, day=before, remark="Ramah")
    assert headings(session, offering) == {"Cepat": None, "Panas": None, "Ramah": offering.service_id}
    assert headings(session, offering, offering.service_id) == {"Ramah": offering.service_id}
    answer(session, other, *[1] * 4)
    assert headings(session, offering, other.service_id) == {"Panas": other.service_id}
