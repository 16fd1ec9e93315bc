"""No sequence of acts of administration breaks an invariant."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from queue_app.db import db
from queue_app.services.calendar import days
from queue_app.services.setup import zone
from tests.harness.fakes import FixedClock
from tests.stateful.administration import Administration


@pytest.mark.slow
def test_whatever_administrators_do_every_invariant_holds(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "BEYOND_HORIZON", 1)
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
    run_state_machine_as_test(
        lambda: Administration(app, clock),
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
