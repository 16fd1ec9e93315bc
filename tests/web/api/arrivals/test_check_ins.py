"""Checking in by a partner's program."""

from __future__ import annotations

from sqlalchemy import select

from queue_app.models import AuditEntry, CheckIn
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.api.program import Program


def scan(program: Program, nonce: str, office: str = "sragen", **what: str) -> tuple[str, bool, str | None]:
    answer = program.post("/check-ins", {"office": office, "nonce": nonce, **what})
    assert answer.status_code == 200, answer.text
    return answer.json["result"], answer.json["admitted"], answer.json["queue_number"]


def test_a_ticket_comes_in_once(program: Program, world: World) -> None:
    booking = world.book(TODAY, 9)
    token, number = world.token(booking), f"A-{booking.tickets[0].queue_number:03d}"
    assert scan(program, "nonce-001", token=token) == ("checked_in", True, number)
    assert scan(program, "nonce-001", token=token) == ("checked_in", True, number)
    assert scan(program, "nonce-002", code=booking.code.lower()) == ("already", False, number)
    rows = world.afresh().scalars(select(CheckIn)).all()
    assert len(rows) == 2
    assert {row.staff_id for row in rows} == {None}
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "ticket.checked_in")).one()
    assert entry.actor == f"api-key:{rows[0].api_key_id}"


def test_who_may_not_come_in_is_told_no_number(program: Program, world: World) -> None:
    today, tomorrow = world.book(TODAY, 9), world.book(TOMORROW, 9)
    assert scan(program, "nonce-001", token=world.token(tomorrow)) == ("wrong_day", False, None)
    assert scan(program, "nonce-002", "gemolong", token=world.token(today)) == ("wrong_office", False, None)
    assert scan(program, "nonce-003", token="\x00" * 34 + "?") == ("unknown", False, None)
    assert scan(program, "nonce-004", code="00000000") == ("unknown", False, None)


def test_late(program: Program, world: World, clock: FixedClock) -> None:
    booking = world.book(TODAY, 9)
    clock.advance(hours=4)
    assert scan(program, "nonce-001", token=world.token(booking))[:2] == ("late", True)


def test_a_used_nonce_tells_nobody_elses_answer(program: Program, world: World) -> None:
    one, other = world.book(TODAY, 9), world.book(TODAY, 9)
    scan(program, "nonce-001", token=world.token(one))
    for changed in (
        {"office": "sragen", "token": world.token(other)},
        {"office": "gemolong", "token": world.token(one)},
    ):
        answer = program.post("/check-ins", {"nonce": "nonce-001", **changed})
        assert (answer.status_code, answer.json["code"]) == (409, "request_changed")


def test_wrong_shapes(program: Program, world: World) -> None:
    nonce = {"nonce": "nonce-001"}
    for body, wrong in (
        ({}, {"/office", "/nonce", ""}),
        ({"office": "sragen", "token": "x", "code": "7KX9-2MQA", **nonce}, {""}),
        ({"office": "atlantis", "token": "x", **nonce}, {"/office"}),
        ({"office": "sragen", "token": "x", "nonce": "with blank"}, {"/nonce"}),
    ):
        answer = program.post("/check-ins", body)
        assert answer.status_code == 422
        assert {error["pointer"] for error in answer.json["errors"]} == wrong
