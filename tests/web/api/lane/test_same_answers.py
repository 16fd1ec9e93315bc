"""What the lane grants it answers as Flask does, down to the headers; what it does not grant Flask answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.api_keys import Scope
from queue_app.domain.booking import TicketState
from queue_app.models import AuditEntry, Booking, OutboxMessage, Slot
from queue_app.services.booking.change import cancel
from queue_app.web.lane import _PASSED
from tests.concurrency.races import assert_sound
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.api.lane.conftest import Outcomes, recognise
from tests.web.api.program import PERSON, Program

COMPANION = {"name": "Budi Santoso", "nik": "3314991703050002"}
OWN = ("code", "queue_number", "token", "ticket_url")  # of each booking its own


def person(serial: int, **more: str) -> dict[str, str]:
    return {**PERSON, "nik": f"33149917030500{serial:02d}", **more}


def beside(known: Program, client: FlaskClient) -> Program:
    """The same program, whose requests go past the lane."""
    client.environ_base[_PASSED] = True
    return Program(client, **known.headers)


def told(answer: TestResponse) -> dict[str, Any]:
    """All of an answer but what only one booking can have."""
    body = answer.json
    for shown in (body, *body.get("tickets", ())):
        shown.update({name: type(shown[name]).__name__ for name in OWN if name in shown})
    headers = {name: value for name, value in answer.headers if name not in {"X-Request-Id", "Location"}}
    headers["Location"] = answer.headers["Location"].rpartition("/")[0] if "Location" in answer.headers else None
    return {"status": answer.status, "body": body, **headers}


@pytest.mark.parametrize(
    ("more", "headers"),
    [
        ({}, {}),
        ({"language": "en"}, {"Accept-Language": "en"}),
        ({}, {"Idempotency-Key": "satu-dua"}),
        ({"companions": []}, {"Accept": "*/*", "Accept-Encoding": "gzip", "Cookie": "queue=x"}),
    ],
)
def test_a_booking(
    app: Flask, known: Program, world: World, outcomes: Outcomes, more: Any, headers: dict[str, str]
) -> None:
    path = f"/slots/{world.slot(TOMORROW).id}/bookings"
    through = known.post(path, {"applicant": person(1, email="siti@contoh.id"), **more}, **headers)
    assert outcomes() == {"granted": 1}
    headers = {name: f"{value}-lagi" if name == "Idempotency-Key" else value for name, value in headers.items()}
    usual = beside(known, app.test_client()).post(
        path, {"applicant": person(2, email="siti@contoh.id"), **more}, **headers
    )
    assert outcomes() == {}
    assert told(through) == told(usual)
    assert through.status_code == 201
    assert_sound(app)


def test_what_is_stored(app: Flask, known: Program, world: World, outcomes: Outcomes) -> None:
    slot = world.slot(TOMORROW).id
    known.book(slot, person(1), key="pertama")
    beside(known, app.test_client()).book(slot, person(2), key="kedua")
    assert outcomes() == {"granted": 1}
    first, second = world.afresh().scalars(select(Booking).order_by(Booking.id))
    own = {"id", "code", "request_key", "request_digest", "phone"}
    for column in set(Booking.__table__.c.keys()) - own:
        assert getattr(first, column) == getattr(second, column), column
    assert [ticket.state for booking in (first, second) for ticket in booking.tickets] == [TicketState.BOOKED] * 2
    assert second.tickets[0].queue_number == first.tickets[0].queue_number + 1
    entries = list(
        world.session.scalars(select(AuditEntry).where(AuditEntry.subject == "ticket").order_by(AuditEntry.id))
    )
    assert len({(entry.action, entry.actor, str(entry.after)[:20]) for entry in entries}) == 1
    assert len(entries) == 2
    assert len(list(world.session.scalars(select(OutboxMessage)))) == 2
    assert_sound(app)


def full(world: World, clock: FixedClock) -> Slot:
    for _ in range(2):
        world.book(TOMORROW)
    return world.slot(TOMORROW)


def closed(world: World, clock: FixedClock) -> Slot:
    slot = world.slot(TODAY, 8)
    clock.set(slot.starts_at + timedelta(hours=1))
    return slot


def too_far(world: World, clock: FixedClock) -> Slot:
    clock.set(clock.now() - timedelta(days=40))
    return world.slot(TOMORROW)


@pytest.mark.parametrize("case", [full, closed, too_far])
def test_a_refusal_is_worded_by_flask(
    app: Flask,
    known: Program,
    world: World,
    clock: FixedClock,
    outcomes: Outcomes,
    case: Callable[[World, FixedClock], Slot],
) -> None:
    slot = case(world, clock).id
    recognise(known)  # again, at that time
    through = known.book(slot, person(40))
    assert outcomes() == {"refused": 1}
    usual = beside(known, app.test_client()).book(slot, person(41))
    assert told(through) == told(usual)
    assert through.status_code == 409


def test_who_has_a_ticket_hears_it_from_flask(known: Program, world: World, outcomes: Outcomes) -> None:
    assert known.book(world.slot(TOMORROW, 8).id).status_code == 201
    answer = known.book(world.slot(TOMORROW, 9).id)
    assert (answer.status_code, answer.json["code"]) == (409, "already_booked")
    assert outcomes() == {"granted": 1, "refused": 1}


def test_a_repeated_request_gets_its_booking_from_flask(known: Program, world: World, outcomes: Outcomes) -> None:
    slot = world.slot(TOMORROW).id
    answers = [known.book(slot, key="sama") for _ in range(3)]
    assert outcomes() == {"granted": 1, "passed_on": 2}
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["code"] for answer in answers}) == 1
    changed = known.book(slot, {**PERSON, "phone": "0812-3456-7891"}, key="sama")
    assert changed.json["code"] == "request_changed"


def test_a_block_of_numbers_that_is_used_up(
    known: Program, world: World, clock: FixedClock, outcomes: Outcomes
) -> None:
    """Places that came back have numbers that were given; then a further block is made, by the usual way."""
    slot = world.slot(TOMORROW)
    last = slot.last_number
    serial = 10
    while world.slot(TOMORROW).next_number <= last:
        serial += 1
        assert known.book(slot.id, person(serial)).status_code == 201
        latest = world.afresh().scalars(select(Booking).order_by(Booking.id.desc())).first()
        assert latest is not None
        cancel(world.session, latest.id, now=clock.now())
        world.session.commit()
    outcomes()
    assert known.book(slot.id, person(9)).status_code == 201
    assert outcomes() == {"passed_on": 1}


def test_what_is_not_plain_goes_by(
    app: Flask, world: World, known: Program, make_key: Callable[..., str], outcomes: Outcomes
) -> None:
    slot = world.slot(TOMORROW).id
    limited = Program(app.test_client(), make_key("desa", limit=10))
    reader = Program(app.test_client(), make_key("loket", Scope.CHECK_INS_WRITE))
    for program in (limited, reader):
        recognise(program)
    strange = Program(app.test_client(), make_key("baru"))  # never seen before
    cases = [
        (known.post(f"/slots/{slot}/bookings", {"applicant": person(1), "companions": [COMPANION]}), 201),
        (limited.book(slot, person(3)), 409),
        (reader.book(slot, person(4)), 403),
        (strange.book(world.slot(TOMORROW, 8).id, person(5)), 201),
        (Program(app.test_client()).book(slot, person(6)), 401),
        (known.book(slot, {**PERSON, "nik": "12"}), 422),
        (known.post(f"/slots/{slot}/bookings", data="{"), 400),
        (known.book(slot, person(7), key="x" * 500), 422),
        (known.book(999_999, person(8)), 404),
    ]
    assert [answer.status_code for answer, _ in cases] == [status for _, status in cases]
    assert outcomes() == {"passed_on": 1}, "only the slot that is none was looked for"


def test_keys_that_do_not_fit_close_the_lane(app: Flask, known: Program, world: World, outcomes: Outcomes) -> None:
    app.extensions["keys"].trouble = "another file"
    try:
        assert known.book(world.slot(TOMORROW).id).status_code == 503
    finally:
        app.extensions["keys"].trouble = None
    assert outcomes() == {}
