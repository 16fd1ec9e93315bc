"""Check-ins through the lane: answered and stored as Flask does it, and left to Flask where they are not plain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.models import AuditEntry, Booking, CheckIn, Visit
from tests.concurrency.races import assert_sound
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.api.lane.conftest import Outcomes, recognise
from tests.web.api.lane.test_same_answers import beside
from tests.web.api.program import Program

PATH = "/check-ins"
Case = Callable[[World, FixedClock], Booking]


def in_time(world: World, clock: FixedClock) -> Booking:
    return world.book(TODAY, 9)


def late(world: World, clock: FixedClock) -> Booking:
    booking = world.book(TODAY, 8)
    clock.set(booking.tickets[0].slot.ends_at + timedelta(hours=2))
    return booking


def too_early(world: World, clock: FixedClock) -> Booking:
    booking = world.book(TODAY, 9)
    clock.set(booking.tickets[0].slot.starts_at - timedelta(hours=2))
    return booking


def another_day(world: World, clock: FixedClock) -> Booking:
    return world.book(TOMORROW, 9)


def sent(world: World, booking: Booking, nonce: str, **more: str) -> dict[str, str]:
    return {"token": world.token(booking), "office": "sragen", "nonce": nonce, **more}


def told(answer: Any) -> dict[str, Any]:
    headers = {name: value for name, value in answer.headers if name != "X-Request-Id"}
    persons = [{**one, "queue_number": one["queue_number"] is not None} for one in answer.json["persons"]]
    return {"status": answer.status, "result": answer.json["result"], "persons": persons, **headers}


@pytest.mark.parametrize("case", [in_time, late, too_early, another_day])
def test_the_same_answer_and_the_same_rows(
    app: Flask, known: Program, world: World, clock: FixedClock, outcomes: Outcomes, case: Case
) -> None:
    first, second = case(world, clock), case(world, clock)
    recognise(known)  # again, at that time
    through = known.post(PATH, sent(world, first, "pertama-1"), **{"Accept-Language": "en"})
    assert outcomes() == {"granted": 1}
    usual = beside(known, app.test_client()).post(PATH, sent(world, second, "kedua-222"), **{"Accept-Language": "en"})
    assert outcomes() == {}
    assert told(through) == told(usual)
    for table, own in ((CheckIn, {"id", "nonce", "ticket_id"}), (Visit, {"ticket_id"}), (AuditEntry, {"id"})):
        rows = world.afresh().scalars(select(table).order_by(table.__table__.c[own.copy().pop()])).all()
        stored = [_values(row, own) for row in rows if getattr(row, "action", "ticket.checked_in").endswith("in")]
        assert stored[: len(stored) // 2] == stored[len(stored) // 2 :]
        assert len(stored) % 2 == 0
    states = {ticket.state for one in (first, second) for ticket in world.session.get_one(Booking, one.id).tickets}
    assert len(states) == 1
    assert_sound(app)


def _values(row: Any, own: set[str]) -> dict[str, Any]:
    values = {column.key: getattr(row, column.key) for column in row.__table__.c}
    values = {name: value for name, value in values.items() if name not in {*own, "subject_id"}}
    if "after" in values:
        values["after"] = {**values["after"], "number": None}
    return values


def test_who_is_in_already_hears_it(app: Flask, known: Program, world: World, outcomes: Outcomes) -> None:
    booking = world.book(TODAY, 9)
    answers = [known.post(PATH, sent(world, booking, f"nonce-00{turn}")) for turn in range(2)]
    assert [answer.json["result"] for answer in answers] == ["checked_in", "already"]
    assert outcomes() == {"granted": 2}
    assert_sound(app)


def test_a_repeated_scan_gets_its_answer_from_flask(
    app: Flask, known: Program, world: World, outcomes: Outcomes
) -> None:
    booking, other = world.book(TODAY, 9), world.book(TODAY, 9)
    answers = [known.post(PATH, sent(world, booking, "nonce-001")) for _ in range(3)]
    assert [answer.json["result"] for answer in answers] == ["checked_in"] * 3
    assert outcomes() == {"granted": 1, "passed_on": 2}
    changed = known.post(PATH, sent(world, other, "nonce-001"))
    assert (changed.status_code, changed.json["code"]) == (409, "request_changed")
    assert outcomes() == {"passed_on": 1}
    assert_sound(app)


@pytest.mark.parametrize("more", [{"office": "atlantis"}, {"token": "x" * 34}])
def test_what_is_not_known_is_judged_by_flask(
    known: Program, world: World, outcomes: Outcomes, more: dict[str, str]
) -> None:
    answer = known.post(PATH, sent(world, world.book(TODAY, 9), "nonce-001", **more))
    assert outcomes() == {"passed_on": 1}
    assert (answer.status_code, answer.json.get("result")) in {(422, None), (200, "unknown")}


def test_a_booking_code_may_stand_for_a_family(known: Program, world: World, outcomes: Outcomes) -> None:
    booking = world.book(TODAY, 9)
    answer = known.post(PATH, {"code": booking.code, "office": "sragen", "nonce": "nonce-001"})
    assert answer.json["result"] == "checked_in"
    assert outcomes() == {"passed_on": 1}


def test_a_program_without_the_right_hears_it_from_flask(
    known: Program, world: World, outcomes: Outcomes, clock: FixedClock
) -> None:
    clock.advance(minutes=1)  # nobody knows the key any more
    answer = known.post(PATH, sent(world, world.book(TODAY, 9), "nonce-001"))
    assert (answer.status_code, outcomes()) == (200, {})
    assert known.post(PATH, {"office": "sragen"}).status_code == 422
    assert outcomes() == {}
