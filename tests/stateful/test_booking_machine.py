"""Anything anybody does in any order: model and database agree, and the invariants hold after each step."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from queue_app.db import db
from queue_app.services import days
from tests.fakes import FixedClock

from .office import Office
from .people import People


class BookingMachine(People, Office):
    pass


def test_the_system_does_what_the_model_says(app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "BEYOND_HORIZON", 1)  # fewer days, more steps
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
    run_state_machine_as_test(
        lambda: BookingMachine(app, clock),
        settings=settings(
            max_examples=30 if sqlite else 12,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
