"""Several processes add their refused attempts to the same day at the same moment: none is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.figures.refusals import RefusalReason
from queue_app.models import DayRefusal
from queue_app.services.figures import refusals
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, together

AT_ONCE = 6


@pytest.fixture
def adding(opened: Callable[..., Place]) -> Step:
    slot_id = opened().slot
    return lambda session: refusals.add_refusals(session, {(slot_id, RefusalReason.FULL.value): 3})


def stored(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(DayRefusal.attempts)))


def test_all_of_them_count(app: Flask, adding: Step) -> None:
    together(app, *[adding] * AT_ONCE)
    assert stored(app) == [3 * AT_ONCE]


def test_control_with_a_sum_that_is_read_and_then_written(
    app: Flask, adding: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    together(app, adding)
    meeting = Meeting(AT_ONCE)

    def careless(session: Session, row: refusals.Row, attempts: int) -> None:
        known = session.scalars(select(DayRefusal.attempts)).one()
        meeting.wait(session)
        found = session.scalars(select(DayRefusal)).one()
        found.attempts = known + attempts
        session.flush()

    monkeypatch.setattr(refusals, "add", careless)
    together(app, *[adding] * AT_ONCE, unguarded=True)
    assert stored(app)[0] < 3 * (AT_ONCE + 1)
