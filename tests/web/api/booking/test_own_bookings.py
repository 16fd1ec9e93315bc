"""Seeing, moving and cancelling: by the key that booked or the ticket's token, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from queue_app.domain.api_keys import Scope
from tests.harness.fakes import FixedClock
from tests.harness.office import NEXT_MONDAY, TOMORROW, World
from tests.web.api.program import PERSON, Program

WORDS = pytest.mark.parametrize("how", ["", "/cancel", "/reschedule"])


@pytest.fixture
def booked(program: Program, world: World) -> dict[str, str]:
    answer = program.book(world.slot(NEXT_MONDAY, 9).id)
    assert answer.status_code == 201
    return answer.json


def test_the_ticket_opens_its_booking_and_no_other(
    anybody: Program, program: Program, world: World, booked: dict[str, str]
) -> None:
    other = program.book(world.slot(NEXT_MONDAY, 9).id, {**PERSON, "nik": "3314991703050002"}).json
    proof = {"Ticket-Token": booked["token"]}
    assert anybody.get(f"/bookings/{booked['code'].lower()}", **proof).json == booked
    assert anybody.get(f"/bookings/{other['code']}", **proof).status_code == 404
    assert anybody.post(f"/bookings/{other['code']}/cancel", **proof).status_code == 404


@WORDS
def test_another_partner_finds_nothing(
    client: FlaskClient, make_key: Callable[..., str], booked: dict[str, str], world: World, how: str
) -> None:
    other = Program(client, make_key("kiosk", Scope.BOOKINGS_WRITE))
    path, body = f"/bookings/{booked['code']}{how}", {"slot_id": world.slot(NEXT_MONDAY, 8).id}
    answer = other.post(path, body) if how else other.get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    with_ticket = {"Ticket-Token": booked["token"]}
    answer = other.post(path, body, **with_ticket) if how else other.get(path, **with_ticket)
    assert answer.status_code == 200, "a kiosk may help the citizen who stands before it with the ticket"


@WORDS
def test_without_proof(anybody: Program, booked: dict[str, str], how: str) -> None:
    path = f"/bookings/{booked['code']}{how}"
    for headers, code in (({}, "no_proof"), ({"Ticket-Token": booked["token"][::-1]}, "wrong_ticket_token")):
        answer = anybody.post(path, {"slot_id": 1}, **headers) if how else anybody.get(path, **headers)
        assert (answer.status_code, answer.json["code"]) == (401, code)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("code", ["00000000", "x", "%00", "UUUUUUUU", "x" * 500])
def test_a_code_that_is_none(program: Program, code: str) -> None:
    assert program.get(f"/bookings/{code}").status_code == 404


def test_cancelling_twice(program: Program, world: World, booked: dict[str, str]) -> None:
    for _ in range(2):
        answer = program.post(f"/bookings/{booked['code']}/cancel")
        assert [ticket["state"] for ticket in answer.json["tickets"]] == ["cancelled"]
    assert world.slot(NEXT_MONDAY, 9).booked == 0
    answer = program.post(f"/bookings/{booked['code']}/reschedule", {"slot_id": world.slot(NEXT_MONDAY, 8).id})
    assert (answer.status_code, answer.json["code"]) == (409, "illegal_transition")


def test_moving(program: Program, anybody: Program, world: World, booked: dict[str, str]) -> None:
    target = world.slot(NEXT_MONDAY, 13).id
    moved = program.post(f"/bookings/{booked['code']}/reschedule", {"slot_id": float(target)}).json
    assert moved["code"] == booked["code"]
    assert moved["token"] != booked["token"]
    assert moved["slot"]["id"] == target
    # The old token still proves whose booking it is.
    assert anybody.get(f"/bookings/{booked['code']}", **{"Ticket-Token": booked["token"]}).json == moved


def test_moving_where_there_is_no_place(program: Program, world: World, booked: dict[str, str]) -> None:
    path = f"/bookings/{booked['code']}/reschedule"
    full = world.slot(TOMORROW, 9).id
    for _ in range(2):
        world.book(TOMORROW, 9)
    answer = program.post(path, {"slot_id": full})
    assert (answer.status_code, answer.json["code"]) == (409, "slot_full")
    assert len(answer.json["alternatives"]) == 3
    for wrong, code in (({"slot_id": 4711}, "not_found"), ({}, "required"), ({"slot_id": 10**400}, "maximum")):
        answer = program.post(path, wrong)
        assert answer.status_code == 422
        assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [("/slot_id", code)]


def test_once_the_hour_of_arrival_has_begun(program: Program, booked: dict[str, str], clock: FixedClock) -> None:
    clock.advance(days=7, hours=4)
    answer = program.post(f"/bookings/{booked['code']}/cancel")
    assert (answer.status_code, answer.json["code"]) == (409, "change_closed")
    assert answer.json["closed_at"] == "2026-11-30T02:00:00Z"
    assert "09.00 WIB" in answer.json["detail"]
