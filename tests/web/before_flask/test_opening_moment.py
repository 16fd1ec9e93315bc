"""Until the opening "not open yet" costs next to nothing; from its very instant on nobody hears it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.models import OfficeService, Slot
from queue_app.web.before_flask import KNOWN_REFUSALS
from queue_app.web.before_flask.known_refusals import Told
from tests.harness.factories import slots_of
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.web.before_flask.conftest import ByProgram, Seconds
from tests.web.before_flask.reasons import BOOKING_CLOSED, claims
from tests.web.before_flask.test_late_readers import press
from tests.web.citizen import Citizen, slots_on

CameThrough = Callable[[], Counter[str]]
OPENING = datetime.fromisoformat("2026-11-24T07:00:00+07:00")
A_MOMENT = timedelta(milliseconds=100)


@pytest.fixture
def slot(session: Session, offering: OfficeService, clock: FixedClock) -> Slot:
    """Of the day for which booking opens on Tuesday at seven; a tenth of a second is missing."""
    clock.set(OPENING - A_MOMENT)
    return slots_of(session, offering, date(2026, 12, 24))[0]


@pytest.fixture
def citizen(client: FlaskClient, seconds: Seconds, slot: Slot) -> Citizen:
    """Who has an hour of that day in hand."""
    citizen = Citizen(client)
    citizen.give_details()
    return citizen


@pytest.fixture
def shut(slot: Slot, by_program: ByProgram, stranger: FlaskClient, came_through: CameThrough) -> Slot:
    """The gate knows that it is too early, for programs and for people."""
    assert by_program(slot, stranger).json["code"] == "not_open_yet"
    assert "Pemesanan belum dibuka" in press(stranger, slot).text
    came_through()
    return slot


def test_a_tenth_of_a_second_before_it_all_are_refused_from_memory(
    shut: Slot, citizen: Citizen, by_program: ByProgram, stranger: FlaskClient, clock: FixedClock, seconds: Seconds
) -> None:
    """The control for what follows: the same steps, and the opening has not come."""
    clock.advance(seconds=0.099)
    seconds.now += 0.099
    answer = by_program(shut, stranger)
    assert (answer.status_code, answer.json["opens_at"]) == (409, "2026-11-24T00:00:00Z")
    page = citizen.claim(shut.id, in_address=True)
    assert page.status_code == 409
    assert "baru dibuka Selasa, 24 November 2026 pukul 07.00 WIB" in page.text


@pytest.mark.parametrize("passed", [0.1, 0.0])
def test_at_seven_everybody_may_claim(
    shut: Slot,
    citizen: Citizen,
    by_program: ByProgram,
    stranger: FlaskClient,
    clock: FixedClock,
    seconds: Seconds,
    passed: float,
) -> None:
    """Also when it is the clock that was put forward by a tenth of a second, and none has passed."""
    form = citizen.choice().text
    clock.set(OPENING)
    seconds.now += passed
    assert by_program(shut, stranger).status_code == 201
    assert citizen.claim(shut.id, page=form, in_address=True).status_code == 303


def test_control_a_gate_that_only_counts_the_second_refuses_past_the_opening(
    app: Flask, shut: Slot, by_program: ByProgram, stranger: FlaskClient, clock: FixedClock, came_through: CameThrough
) -> None:
    app.extensions[KNOWN_REFUSALS]._clock = FixedClock(OPENING - A_MOMENT)  # it does not hear the bell
    clock.set(OPENING)
    assert by_program(shut, stranger).json["code"] == "not_open_yet"
    assert not came_through()[claims(shut)[1]]


def test_a_clock_that_is_put_back_keeps_nobody_outside_for_longer_than_a_second(
    shut: Slot,
    by_program: ByProgram,
    stranger: FlaskClient,
    clock: FixedClock,
    seconds: Seconds,
    came_through: CameThrough,
) -> None:
    clock.jump(hours=-1)
    seconds.now += 0.4
    assert by_program(shut, stranger).status_code == 409
    assert not came_through()[claims(shut)[1]], "it is an hour too early now"
    seconds.now += 0.6
    assert by_program(shut, stranger).status_code == 409
    assert came_through()[claims(shut)[1]] == 1, "the application is asked, by its own clock"


def test_a_clock_put_back_before_the_closing_is_noticed_within_a_second(
    slot: Slot,
    offering: OfficeService,
    by_program: ByProgram,
    stranger: FlaskClient,
    session: Session,
    clock: FixedClock,
    seconds: Seconds,
) -> None:
    clock.set(MONDAY_MORNING)
    tomorrow = slots_of(session, offering, date(2026, 11, 24))[0]
    BOOKING_CLOSED.begin(session, tomorrow, clock.now())
    assert by_program(tomorrow, stranger).json["code"] == "booking_closed"
    clock.jump(hours=-2)
    seconds.now += 1.0
    assert by_program(tomorrow, stranger).status_code == 201


def test_a_page_that_is_being_made_across_the_opening_is_not_given(
    app: Flask,
    slot: Slot,
    citizen: Citizen,
    by_program: ByProgram,
    stranger: FlaskClient,
    clock: FixedClock,
    came_through: CameThrough,
) -> None:
    form = citizen.choice().text
    assert by_program(slot, stranger).status_code == 409  # and nobody has asked for the page yet

    def ring(response: Response) -> Response:
        if request.path.endswith("/belum-dibuka"):
            clock.set(OPENING)
        return response

    app.after_request_funcs.setdefault(None, []).append(ring)
    came_through()
    assert citizen.claim(slot.id, page=form, in_address=True).status_code == 303
    came = came_through()
    assert (came[f"GET /slots/{slot.id}/belum-dibuka"], came[claims(slot)[0]]) == (1, 1)


def test_a_refusal_that_comes_after_the_opening_changes_nothing_that_is_known_since(
    app: Flask, shut: Slot, clock: FixedClock, seconds: Seconds
) -> None:
    """It was judged before, by a thread that was slow."""
    known = app.extensions[KNOWN_REFUSALS]
    path = f"/slots/{shut.id}/bookings"

    def claim(told: Told | None) -> None:
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": path}

        def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterator[bytes]:
            environ["queue_app.refused_for_all"] = told
            start_response("409 CONFLICT", [])
            return iter([b""])

        known.learn(environ, application)

    clock.set(OPENING)
    seconds.now += 1.0
    claim(Told("slot_full", None, frozenset(), 1))
    claim(Told("not_open_yet", OPENING, frozenset(), 1))
    assert known._slots[path].told.code == "slot_full"


def test_who_reloads_the_choice_at_seven_sees_the_hours(
    citizen: Citizen, shut: Slot, clock: FixedClock, seconds: Seconds, came_through: CameThrough
) -> None:
    """The days were read for somebody a tenth of a second before; the layers' second is not over."""
    assert shut.id not in slots_on(citizen.days("?hari=2026-12-24").text)
    clock.set(OPENING)
    seconds.now += 0.1
    assert slots_on(citizen.days("?hari=2026-12-24").text)[shut.id]
