"""A job and a rebuild count the same day at the same moment: its figures stand there once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from queue_app.db import db
from queue_app.models import DayFigures
from queue_app.queries.figures.due import DueDay
from queue_app.services.figures import days
from tests.concurrency.conftest import Place
from tests.concurrency.races import Step, together
from tests.harness.fakes import FixedClock

AT_ONCE, TIMES = 6, 5


@pytest.fixture
def storing(app: Flask, opened: Callable[..., Place], booking: Any, clock: FixedClock) -> Step:
    place = opened(capacity=10)
    assert all(one.won for one in together(app, *(booking(place.slot) for _ in range(4))))
    clock.advance(days=3)
    due = DueDay(place.office_id, "Asia/Jakarta", clock.now().date() - timedelta(days=2))
    return lambda session: days.store_day(session, days.count_day(session, due))


def stored(app: Flask) -> tuple[int, int]:
    with app.app_context():
        rows, tickets = db.session.execute(select(func.count(), func.sum(DayFigures.tickets))).one()
        return rows, int(tickets)


def test_each_day_stands_there_once(app: Flask, storing: Step) -> None:
    for _ in range(TIMES):
        assert all(one.value for one in together(app, *[storing] * AT_ONCE))
        assert stored(app) == (1, 4)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer anyway
def test_control_without_the_lock_both_put_it_there(app: Flask, storing: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "lock_office", lambda *_arguments: None)
    outcomes = [one for _ in range(TIMES) for one in together(app, *[storing] * AT_ONCE, unguarded=True)]
    assert any("UniqueViolation" in str(one.failure) for one in outcomes)
