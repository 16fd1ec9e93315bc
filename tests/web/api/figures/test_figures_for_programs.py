"""Figures for programs: the numbers of the pages, and nobody's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_app.domain.api_keys import Scope
from queue_app.jobs.registry import run_job
from tests.harness.at_counters import arrive
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, World
from tests.web.api.program import Program

PATH = "/offices/sragen/figures"
OF_TODAY = f"?from={TODAY}&to={TODAY}"


@pytest.fixture
def counted(app: Flask, world: World, clock: FixedClock) -> World:
    arrive(world)
    world.book(hour=13)
    clock.advance(days=1)
    for job in ("end-days", "mark-no-shows", "count-days"):
        run_job(app, job)
    return world


def test_a_day_is_told_by_service_and_breakdown(counted: World, program: Program) -> None:
    answer = program.get(PATH + OF_TODAY)
    assert answer.status_code == 200
    told = answer.get_json()
    (day,) = told["days"]
    assert (day["date"], day["quota"], day["booked"], day["came"], day["missed"]) == (str(TODAY), 6, 2, 1, 1)
    assert told["total"]["booked"] == told["services"][0]["booked"] == 2
    assert told["total"]["wait_p50"] is None  # nobody was called
    assert {"by": "channel", "word": "online", "people": 2, "came": 1, "missed": 1} in told["breakdowns"]
    assert "Siti" not in answer.text


def test_it_wants_its_own_scope(client: FlaskClient, world: World, make_key: Callable[..., str]) -> None:
    other = Program(client, make_key("desa", Scope.BOOKINGS_WRITE))
    assert other.get(PATH + OF_TODAY).status_code == 403
    assert Program(client).get(PATH + OF_TODAY).status_code == 401


@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ("", "from"),
        ("?from=2026-11-24", "to"),
        ("?from=2026-11-24&to=2026-11-23", "to"),
        (f"?from={TODAY}&to={TODAY + timedelta(days=366)}", "to"),
        ("?from=0000-01-01&to=2026-11-23", "from"),
    ],
)
def test_a_period_that_is_none_is_told(program: Program, asked: str, parameter: str) -> None:
    answer = program.get(PATH + asked)
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.get_json()["errors"]] == [parameter] or not asked


def test_an_office_that_there_is_none_of(program: Program) -> None:
    for office in ("nirgends", "A%20B"):
        assert program.get(f"/offices/{office}/figures{OF_TODAY}").status_code == 404
