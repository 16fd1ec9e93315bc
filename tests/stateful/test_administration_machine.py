"""No sequence of acts of administration breaks an invariant."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import func, select

from queue_app.db import db
from queue_app.domain.calendar import Share
from queue_app.models import Slot
from queue_app.services.calendar import days
from queue_app.services.setup import zone
from tests.harness.fakes import FixedClock
from tests.stateful.administration import Administration
from tests.stateful.quotas import AdministrationOfQuotas


@pytest.mark.slow
def test_whatever_administrators_do_every_invariant_holds(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "BEYOND_HORIZON", 1)
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
    run_state_machine_as_test(
        lambda: AdministrationOfQuotas(app, clock),
        settings=settings(
            max_examples=15 if sqlite else 5,
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_control_hours_that_do_not_move_with_their_zone_are_noticed(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Administration(app, clock)
    monkeypatch.setattr(zone, "_move_slots", lambda *_, **__: None)
    machine.the_zone_is_changed(0, 2)
    with pytest.raises(AssertionError, match="planned"):
        machine.teardown()


def test_what_the_machine_releases_moves(app: Flask, clock: FixedClock) -> None:
    machine = AdministrationOfQuotas(app, clock)
    machine.releases_are_set(0, 3, 100, back=False)
    machine.what_is_due_is_released()
    with app.app_context():
        assisted = select(func.sum(Slot.planned)).where(Slot.share == Share.ASSISTED)
        assert (db.session().scalar(assisted) or 0) > 0
    machine.teardown()
