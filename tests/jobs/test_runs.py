"""A run of a job is recorded and logged as it ended, with nothing personal, and never half done."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.log_lines import JsonLines
from queue_app.domain.booking import TicketState
from queue_app.jobs import registry
from queue_app.jobs.registry import JobFailed, perform, run_job
from queue_app.models import Booking, JobRun, OfficeService
from queue_app.services.booking.change import cancel
from tests.harness.fakes import FixedClock

Run = Callable[[str], int]
Book = Callable[..., Booking]


def test_a_run_is_recorded(session: Session, clock: FixedClock, run: Run, book: Book) -> None:
    book()
    run("seal-audit")
    first = session.get_one(JobRun, "seal-audit")
    assert (first.done, first.error, first.finished_at) == (1, None, clock.now())
    session.rollback()
    clock.advance(seconds=15)
    run("seal-audit")
    again = session.get_one(JobRun, "seal-audit", populate_existing=True)
    assert (again.done, again.started_at) == (0, clock.now())


def test_a_failing_job_is_recorded_without_personal_data_and_does_not_stop_the_others(
    app: Flask, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> int:
        raise ValueError("Siti Wahyuni, 3314991703050001, +6281234567890")

    broken = registry.Job("broken", timedelta(seconds=1), fail, "fails")
    with pytest.raises(JobFailed) as failure:
        perform(app, broken)
    row = session.get_one(JobRun, "broken")
    assert row.finished_at is None
    assert row.done is None
    assert row.error is not None
    assert row.error.startswith("ValueError")
    assert run_job(app, "seal-audit") == 0
    for text in (row.error, str(failure.value), caplog.text):
        assert "3314" not in text
        assert "Siti" not in text
        assert "+62" not in text


def test_a_failing_job_leaves_nothing_half_done(
    app: Flask, session: Session, offering: OfficeService, book: Book
) -> None:
    from queue_app.db import unit_of_work

    booking = book()

    def half() -> int:
        with unit_of_work() as inner:
            cancel(inner, booking.id, now=app.extensions["clock"].now())
            raise RuntimeError("half way")

    with pytest.raises(JobFailed):
        perform(app, registry.Job("half", timedelta(seconds=1), half, "stops half way"))
    session.expire_all()
    assert booking.tickets[0].state is TicketState.BOOKED


def test_each_run_of_a_job_has_an_id_in_every_line_that_it_logs(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(JsonLines("scheduler"))

    def talk() -> int:
        logging.getLogger("queue_app.probe").warning("half way")
        raise LookupError

    for _ in range(2):
        with pytest.raises(JobFailed):
            perform(app, registry.Job("broken", timedelta(seconds=1), talk, "fails"))
    first, same, second, again = (json.loads(line)["job_run_id"] for line in caplog.text.splitlines())
    assert first == same != second == again
