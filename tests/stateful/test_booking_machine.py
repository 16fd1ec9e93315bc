"""Anything anybody does in any order: model and database agree after each step, and the invariants hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from queue_app.db import db
from queue_app.services.calendar import days
from tests.harness.fakes import FixedClock
from tests.stateful.office_steps import Office
from tests.stateful.people import People
from tests.stateful.telling import Telling


class BookingMachine(People, Office, Telling):
    pass


@pytest.fixture(autouse=True)
def fewer_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """So there is time for more steps."""
    monkeypatch.setattr(days, "BEYOND_HORIZON", 1)


@pytest.mark.slow
def test_the_system_does_what_the_model_says(app: Flask, clock: FixedClock) -> None:
    with app.app_context():
        sqlite = db.engine.dialect.name == "sqlite"
    run_state_machine_as_test(
        lambda: BookingMachine(app, clock),
        settings=settings(
            max_examples=20 if sqlite else 7,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_who_was_absent_until_the_clock_was_set_back(app: Flask, clock: FixedClock) -> None:
    """Voided by a clock that ran ahead, on a day that is then closed, and here after all: listed like the others."""
    machine = BookingMachine(app, clock)
    slot = machine._slot(0)
    machine._book(slot, [1])
    clock.set(max(other.ends_at for other in machine.model.slots_of(slot.day_id)))
    machine.mark_no_shows()
    clock.set(slot.starts_at)
    machine._close(machine.model.days[slot.day_id])
    machine.scan(which=0, elsewhere=False, by_code=False, slip=False)
    machine.model_and_database_agree()
    machine.teardown()


@pytest.mark.parametrize("slip", [False, True])
def test_who_came_and_whose_day_is_closed_then(app: Flask, clock: FixedClock, slip: bool) -> None:
    machine = BookingMachine(app, clock)
    slot = machine._slot(0)
    machine._book(slot, [1, 2])
    clock.set(slot.starts_at)
    machine.scan(which=0, elsewhere=False, by_code=True, slip=slip)
    machine._close(machine.model.days[slot.day_id])
    clock.set(slot.ends_at + timedelta(hours=6))
    machine.mark_no_shows()
    machine.model_and_database_agree()
    machine.teardown()


def test_who_walks_in_beyond_the_quota_and_is_taken_back(app: Flask, clock: FixedClock) -> None:
    """Comes again, or not; the day's counter keeps the numbers that were given, and the place stays theirs."""
    machine = BookingMachine(app, clock)
    slot = machine._slot(0)
    clock.set(slot.starts_at)
    machine._walk_in(slot.office_id, [1, 2], beyond=False)
    machine._walk_in(slot.office_id, [3], beyond=False)
    for persons in ([4, 5], [6]):
        machine._walk_in(slot.office_id, persons, beyond=True)
    for admission in list(machine.model.admissions)[-2:]:
        machine._undo(admission)
    (first, *_) = machine.model.admissions
    machine._undo(first)
    machine._scan(
        [machine.model.tickets[first.ticket_id]], machine.keyring.ticket_token(first.ticket_id), slot.office_id
    )
    clock.set(slot.ends_at + timedelta(hours=6))
    machine.mark_no_shows()
    machine.model_and_database_agree()
    machine.teardown()
