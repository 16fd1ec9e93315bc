"""What is open to all: offices, services, availability."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import TOMORROW, World
from tests.web.api.program import Program

ASKED = "/availability?office=sragen&service=KTP_REKAM"


def test_offices_and_services(anybody: Program) -> None:
    assert [office["slug"] for office in anybody.get("/offices").json["offices"]] == ["gemolong", "sragen"]
    (service,) = anybody.get("/offices/sragen/services").json["services"]
    assert (service["code"], service["name"]) == ("KTP_REKAM", "Perekaman KTP-el")
    english = anybody.get("/offices/sragen/services", **{"Accept-Language": "en-GB, id;q=0.5"})
    assert english.json["services"][0]["name"] == "Biometric recording"
    assert "Accept-Language" in english.headers["Vary"]


@pytest.mark.parametrize("slug", ["atlantis", "SRAGEN", "a%00b", "%ff", "x" * 300, "<script>"])
def test_an_office_that_is_none(anybody: Program, slug: str) -> None:
    answer = anybody.get(f"/offices/{slug}/services")
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_the_days_asked_for(anybody: Program, world: World) -> None:
    days = anybody.get(f"{ASKED}&from=2026-11-23&to=2026-11-25").json["days"]
    assert [day["date"] for day in days] == ["2026-11-23", "2026-11-24", "2026-11-25"]
    today, tomorrow, _ = days
    assert (today["status"], today["reason"], today["remaining"]) == ("closed", "Pemesanan sudah ditutup", 0)
    assert (tomorrow["status"], tomorrow["quota"], tomorrow["remaining"]) == ("open", 6, 6)
    assert tomorrow["slots"][1] == {
        "id": world.slot(TOMORROW, 9).id,
        "date": "2026-11-24",
        "starts_at": "2026-11-24T09:00:00+07:00",
        "ends_at": "2026-11-24T10:00:00+07:00",
        "capacity": 2,
        "remaining": 2,
    }


def test_days_that_cannot_be_booked(anybody: Program, world: World) -> None:
    for _ in range(2):
        world.book(TOMORROW, 9)
    day = world.day(TOMORROW + timedelta(days=1))
    reason = {"reason_id": "Listrik padam", "reason_en": "Power cut"}
    close_day(world.session, day.id, actor=TESTER, now=MONDAY_MORNING, **reason)
    world.session.commit()
    tomorrow, closed = anybody.get(f"{ASKED}&from=2026-11-24&to=2026-11-25").json["days"]
    assert [slot["remaining"] for slot in tomorrow["slots"]] == [2, 0, 2]
    assert (closed["status"], closed["reason"], closed["slots"]) == ("closed", "Listrik padam", [])
    last = anybody.get(ASKED).json["days"][-1]
    assert last["status"] == "not_open_yet"
    assert last["opens_at"].endswith("T07:00:00+07:00")
    assert last["slots"], "a program can be ready for the minute in which booking opens"


def test_a_second_in_caches_and_an_etag(anybody: Program, world: World) -> None:
    first = anybody.get(ASKED)
    assert first.headers["Cache-Control"] == "public, max-age=1"
    again = anybody.get(ASKED, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", {"office", "service"}),
        ("?office=sragen&service=ktp%00&from=x&to=2026-02-30", {"service", "from", "to"}),
        ("?office=sragen&service=KTP_REKAM&from=2026-11-25&to=2026-11-24", {"to"}),
        ("?office=sragen&service=KTP_REKAM&from=2026-11-25&to=2027-11-24", {"to"}),
        ("?office=sragen&service=KTP_REKAM&from=0000-01-01", {"from"}),
        ("?office=%ff&service=KTP_REKAM&from=9999-12-31", {"office"}),
    ],
)
def test_wrong_parameters_are_named_all_at_once(anybody: Program, query: str, wrong: set[str]) -> None:
    answer = anybody.get(f"/availability{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert {error["parameter"] for error in answer.json["errors"]} == wrong


def test_days_out_of_reach_are_simply_not_there(anybody: Program) -> None:
    assert anybody.get(f"{ASKED}&from=9999-12-31").json["days"] == []
    assert anybody.get(f"{ASKED}&from=1999-12-31&to=2000-01-01").json["days"] == []


def test_a_service_that_the_office_does_not_give(anybody: Program) -> None:
    assert anybody.get("/availability?office=sragen&service=IKD").status_code == 404


def test_reading_needs_no_days_made_before(app: Flask, client: FlaskClient, world: World, clock: FixedClock) -> None:
    clock.advance(days=3)
    days = Program(client).get(ASKED).json["days"]
    assert days[0]["date"] == "2026-11-26"
