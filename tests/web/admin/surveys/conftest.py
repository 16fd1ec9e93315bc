"""Answers to the survey at the office "here"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from secrets import token_hex

import pytest

from queue_app.domain.surveys import Element, SurveyChannel
from queue_app.models import OfficeService, SurveyAnswer, SurveyRemark
from tests.harness.office import TODAY, World

Answered = Callable[..., None]


@pytest.fixture
def answered(world: World) -> Answered:
    """``answered(4, 3, speed=2, remark="…", day=…, of=…)``: one answer for each score, of one remark at most."""

    def store(
        *scores: int, remark: str = "", day: date = TODAY, of: OfficeService | None = None, **changes: int
    ) -> None:
        where = {"office_id": world.here.id, "service_id": (of or world.offering).service_id}
        for score in scores:
            given = dict.fromkeys((one.value for one in Element), score) | changes
            world.session.add(SurveyAnswer(key=token_hex(8), day=day, channel=SurveyChannel.LINK, **where, **given))
        if remark:
            world.session.add(SurveyRemark(key=token_hex(8), month=day.replace(day=1), remark=remark, **where))
        world.session.commit()

    return store
