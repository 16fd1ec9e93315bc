"""Answers to the survey of two services in a quarter that is long over."""

from __future__ import annotations

from datetime import date
from secrets import token_hex

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.surveys import Element, SurveyChannel
from queue_app.models import OfficeService, SurveyAnswer, SurveyRemark
from tests.harness.factories import make_offering, make_service
from tests.harness.fakes import FixedClock

DAY = date(2026, 9, 14)


@pytest.fixture
def other(session: Session, offering: OfficeService, clock: FixedClock) -> OfficeService:
    return make_offering(session, offering.office, make_service(session, "KK"), now=clock.now(), letter="B", days=False)


def answer(
    session: Session,
    offering: OfficeService,
    *scores: int,
    day: date = DAY,
    channel: SurveyChannel = SurveyChannel.LINK,
    remark: str = "",
) -> None:
    """One answer for each score, the same for all elements; a remark of one of them at most."""
    where = {"office_id": offering.office_id, "service_id": offering.service_id, "day": day}
    for score in scores:
        given = dict.fromkeys((element.value for element in Element), score)
        session.add(SurveyAnswer(key=token_hex(8), channel=channel, **where, **given))
    if remark:
        whose = {"office_id": offering.office_id, "service_id": offering.service_id}
        session.add(SurveyRemark(key=token_hex(8), month=day.replace(day=1), remark=remark, **whose))
    session.flush()
