"""Booking by a partner's program: what is stored, what is answered, and everything that is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from queue_app.domain.api_keys import Scope
from queue_app.domain.keyring import bound_to
from queue_app.models import AuditEntry, Booking
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.api.program import PERSON, Program

COMPANION = {"name": "Budi Santoso", "nik": "3314991703050002"}


def test_a_booking(program: Program, world: World, client: FlaskClient) -> None:
    slot = world.slot(TOMORROW, 9)
    answer = program.book(slot.id, {**PERSON, "email": "siti@contoh.id"}, language="en")
    assert answer.status_code == 201
    body = answer.json
    booking = world.afresh().scalars(select(Booking)).one()
    assert body["code"].replace("-", "") == booking.code
    assert answer.headers["Location"] == f"/api/v1/bookings/{body['code']}"
    assert body["token"] == world.token(booking)
    assert client.get(f"/t/{body['token']}").status_code == 200
    assert body["ticket_url"].endswith(f"/t/{body['token']}")
    assert body["queue_number"] == f"A-{booking.tickets[0].queue_number:03d}"
    assert (body["slot"]["id"], body["slot"]["office"]) == (slot.id, "sragen")
    assert body["slot"]["starts_at"] == "2026-11-24T09:00:00+07:00"
    assert booking.language == "en"
    phone = world.keyring.open(booking.phone or b"", bound_to=bound_to(booking.code, "phone"))
    assert phone == "+6281234567890"
    (entry,) = world.session.scalars(select(AuditEntry).where(AuditEntry.subject == "ticket").order_by(AuditEntry.id))
    assert entry.actor == f"api-key:{booking.api_key_id}"


def test_a_family(program: Program, world: World) -> None:
    body = program.book(world.slot(TOMORROW).id, companions=[COMPANION]).json
    assert len({ticket["token"] for ticket in body["tickets"]}) == 2
    assert body["tickets"][0]["queue_number"] == body["queue_number"]
    third = {**PERSON, "nik": "3314991703050003"}
    answer = program.book(world.slot(TOMORROW).id, third)
    assert (answer.status_code, answer.json["code"]) == (409, "slot_full")


def test_what_programs_pass_on_as_it_was_pasted(program: Program, world: World) -> None:
    name, nik = "\u202aSiti\u200b Ｗahyuni\ufeff", "３３１４ 9917 0305 0001\u200b"
    answer = program.book(world.slot(TOMORROW, 9).id, {**PERSON, "name": name, "nik": nik, "email": "\u200b-"})
    assert answer.status_code == 201
    booking = world.afresh().scalars(select(Booking)).one()
    kept = world.keyring.open(booking.tickets[0].name or b"", bound_to=bound_to(booking.code, "name", 0))
    assert (kept, booking.email) == ("Siti Wahyuni", None)


@pytest.mark.parametrize(
    ("field", "value", "confirmed"),
    [("name", "Siti 2", "name_confirmed"), ("email", "sití@contoh.id", "email_confirmed")],
)
def test_what_has_to_be_confirmed(program: Program, world: World, field: str, value: str, confirmed: str) -> None:
    slot_id = world.slot(TOMORROW, 9).id
    for more in ({}, {confirmed: False}):
        answer = program.book(slot_id, {**PERSON, field: value, **more})
        assert [(error["pointer"], error["code"]) for error in answer.json["errors"]] == [
            (f"/applicant/{field}", f"invalid_{field}")
        ]
    assert program.book(slot_id, {**PERSON, field: value, confirmed: True}).status_code == 201


def test_a_full_slot_names_the_nearest_free_ones(program: Program, world: World) -> None:
    full = world.slot(TOMORROW, 9).id
    for serial in (1, 2):
        program.book(full, {**PERSON, "nik": f"331499170305000{serial}"})
    answer = program.book(full, {**PERSON, "nik": "3314991703050009"})
    assert (answer.status_code, answer.json["code"]) == (409, "slot_full")
    starts = [slot["starts_at"][:16] for slot in answer.json["alternatives"]]
    assert starts[:2] == ["2026-11-24T08:00", "2026-11-24T13:00"]


def test_already_booked(program: Program, world: World) -> None:
    program.book(world.slot(TOMORROW, 9).id)
    answer = program.book(world.slot(TOMORROW, 13).id)
    assert (answer.status_code, answer.json["code"]) == (409, "already_booked")
    assert PERSON["nik"] not in answer.text


def test_a_closed_day(program: Program, world: World) -> None:
    reason = {"reason_id": "Listrik padam", "reason_en": ""}
    close_day(world.session, world.day().id, actor=TESTER, now=MONDAY_MORNING, **reason)
    world.session.commit()
    answer = program.book(world.slot(TOMORROW).id)
    assert (answer.status_code, answer.json["code"]) == (409, "day_closed")


def test_too_early_and_too_late(program: Program, world: World) -> None:
    later = world.slot(TODAY + timedelta(days=31), 9)
    answer = program.book(later.id)
    assert (answer.status_code, answer.json["code"]) == (409, "not_open_yet")
    assert answer.json["opens_at"] == "2026-11-24T00:00:00Z"
    answer = program.book(world.slot(TODAY, 13).id)
    assert (answer.status_code, answer.json["code"]) == (409, "booking_closed")


@pytest.mark.parametrize("slot", ["4711", "99999999999", "0", "x", "-1", "%00"])
def test_a_slot_that_is_none(program: Program, slot: str) -> None:
    answer = program.post(f"/slots/{slot}/bookings", {"applicant": PERSON})
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_everything_that_is_wrong_is_named_at_once(program: Program, world: World) -> None:
    wrong = {"name": "3314991703050001", "nik": "3314991703050000", "phone": "12", "email": "a@b", "x1234567890": 1}
    companions = [{"name": 7, "nik": "331499170305"}, {"nik": None}]
    answer = program.book(world.slot(TOMORROW).id, wrong, companions=companions, language="jv")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    found = {error["pointer"]: error["code"] for error in answer.json["errors"]}
    assert found == {
        "/applicant": "additionalProperties",
        "/applicant/name": "invalid_name",
        "/applicant/nik": "invalid_nik",
        "/applicant/phone": "invalid_phone",
        "/applicant/email": "invalid_email",
        "/companions/0/name": "type",
        "/companions/0/nik": "invalid_nik",
        "/companions/1/name": "required",
        "/companions/1/nik": "type",
        "/language": "enum",
    }
    assert not any(part in answer.text for part in ("33149", "x1234", "a@b"))
    english = program.post(f"/slots/{world.slot(TOMORROW).id}/bookings", {}, **{"Accept-Language": "en"})
    assert english.json["errors"] == [{"pointer": "/applicant", "code": "required", "detail": "Required."}]


def test_one_person_twice_in_a_family(program: Program, world: World) -> None:
    answer = program.book(world.slot(TOMORROW).id, companions=[{**COMPANION, "nik": PERSON["nik"]}])
    (error,) = answer.json["errors"]
    assert (error["pointer"], error["code"]) == ("/companions/0/nik", "invalid_party")


@pytest.mark.parametrize("body", [[], [{}], "x", 7, None, True, {"applicant": []}, {"applicant": "x"}])
def test_a_body_of_another_kind(program: Program, world: World, body: object) -> None:
    answer = program.post(f"/slots/{world.slot(TOMORROW).id}/bookings", data=json.dumps(body))
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json["errors"]] == ["type"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "é"])
def test_a_wrong_idempotency_key(program: Program, world: World, key: str) -> None:
    path = f"/slots/{world.slot(TOMORROW).id}/bookings"
    answer = program.post(path, {"applicant": {**PERSON, "nik": "1"}}, **{"Idempotency-Key": key})
    assert answer.status_code == 422
    assert {error.get("parameter") or error["pointer"] for error in answer.json["errors"]} == {
        "Idempotency-Key",
        "/applicant/nik",
    }


def test_the_same_request_again(program: Program, world: World) -> None:
    slot = world.slot(TOMORROW).id
    first = program.book(slot, key="one")
    again = program.book(slot, key="one", language="en")
    assert (again.status_code, again.json) == (201, first.json)
    assert program.get(f"/bookings/{first.json['code']}").json == first.json
    changed = program.book(slot, {**PERSON, "phone": "0813 3333 4444"}, key="one")
    assert (changed.status_code, changed.json["code"]) == (409, "request_changed")
    assert "7890" not in changed.text


def test_two_partners_may_choose_the_same_key(
    client: FlaskClient, program: Program, world: World, make_key: Callable[..., str]
) -> None:
    slot = world.slot(TOMORROW).id
    other = Program(client, make_key("kiosk", Scope.BOOKINGS_WRITE))
    assert program.book(slot, key="one").status_code == 201
    assert other.book(slot, {**PERSON, "nik": "3314991703050002"}, key="one").status_code == 201
    assert len(world.afresh().scalars(select(Booking)).all()) == 2
