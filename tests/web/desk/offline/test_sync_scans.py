"""What devices keep for the time without a connection, what they send afterwards, and what a person decides then."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.models import CheckIn, OfflineEntry, Visit
from queue_app.services.booking import change
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import LAST_WEEK, Visitor, World

LIST, SYNC, CONFLICTS = "/meja/hari-ini.json", "/meja/sinkron", "/meja/luring"
NINE = MONDAY_MORNING


def nonce(letter: str = "a") -> str:
    return letter * 32


def entry(code: str, *admitted: int, at: str | None = None, letter: str = "a", **more: Any) -> dict[str, Any]:
    return {"nonce": nonce(letter), "code": code, "at": at or NINE.isoformat(), "admitted": admitted, **more}


def send(visitor: Visitor, *entries: dict[str, Any], path: str = SYNC) -> dict[str, Any]:
    token = visitor.get(SYNC).json["csrf"]
    answer = visitor.client.post(path, json={"entries": entries}, headers={"X-CSRFToken": token})
    assert answer.status_code == 200, answer.text
    said = dict(answer.json)
    assert (said.pop("refused"), said.pop("unreadable"), said.pop("corrected")) == ({}, [], 0)
    return said


def test_the_list_names_nobody_and_tells_when_nothing_has_changed(desk: Visitor, world: World) -> None:
    booking = world.book(name="Siti Wahyuni")
    answer = desk.get(LIST)
    (ticket,) = answer.json["tickets"]
    token, day = world.token(booking), answer.json["day"]
    assert ticket["token"] == hashlib.sha256(token.encode()).hexdigest()
    assert ticket["code"] == hashlib.sha256(f"{day}:{booking.code}".encode()).hexdigest()
    assert (ticket["initials"], ticket["state"], ticket["visit"]) == ("S. W.", "booked", None)
    assert {"Siti", token, booking.code, "3314"}.isdisjoint(answer.text.split('"'))
    assert "Siti" not in answer.text
    assert booking.code not in answer.text
    assert (answer.headers["Office-Time"], answer.headers["Cache-Control"]) == (NINE.isoformat(), "no-store")
    again = desk.get(LIST, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    change.cancel(world.session, booking.id, now=LAST_WEEK)
    world.session.commit()
    assert desk.get(LIST, headers={"If-None-Match": answer.headers["ETag"]}).json["tickets"][0]["state"] == "cancelled"


@pytest.mark.parametrize("path", ["/meja/kerangka/pindai", "/meja/kerangka/kedatangan", "/meja/kerangka/lain"])
def test_shells_name_nobody(desk: Visitor, world: World, path: str) -> None:
    page = desk.get(path)
    assert page.status_code == 200
    assert "Budi" not in page.text
    assert 'csrf_token" value="I' not in page.text


def test_a_scan_counts_with_its_own_time_and_once(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book()
    ticket_id = booking.tickets[0].id
    desk.get(LIST)  # and then the connection is cut
    clock.advance(minutes=20)
    scan = entry(world.token(booking), ticket_id)
    for _ in range(2):
        said = send(desk, scan)
        assert said == {"answers": {nonce(): {"answer": "checked_in", "conflict": False}}, "conflicts": 0}
    (row,) = world.afresh().scalars(select(CheckIn)).all()
    assert row.at == NINE
    assert world.session.get_one(Visit, ticket_id).arrived_at == NINE
    (kept,) = world.session.scalars(select(OfflineEntry)).all()
    assert kept.received_at == clock.now()


def test_two_devices_with_one_ticket_leave_one_conflict(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book()
    token, ticket_id = world.token(booking), booking.tickets[0].id
    desk.get(LIST)
    clock.advance(minutes=5)
    assert send(desk, entry(token, ticket_id))["conflicts"] == 0
    said = send(desk, entry(token, ticket_id, letter="b"))
    assert said == {"answers": {nonce("b"): {"answer": "already", "conflict": True}}, "conflicts": 1}
    assert send(desk, entry(token, ticket_id, letter="b"))["conflicts"] == 1
    page = desk.get(CONFLICTS).text
    assert "Sudah hadir" in page
    assert "Siti" not in page
    assert "perlu diputuskan" in desk.get("/meja/pindai").text
    (kept,) = world.afresh().scalars(select(OfflineEntry).where(OfflineEntry.conflict)).all()
    assert desk.post(f"{CONFLICTS}/{kept.id}", {"note": " "}).status_code == 422
    assert desk.post(f"{CONFLICTS}/{kept.id}", {"note": "Orang yang sama, dua meja"}).status_code == 303
    settled = world.afresh().get_one(OfflineEntry, kept.id, populate_existing=True)
    assert (settled.settled_at, settled.note) == (clock.now(), "Orang yang sama, dua meja")
    assert "Tidak ada yang perlu diputuskan." in desk.get(CONFLICTS).text


def test_another_office_neither_sees_nor_settles_it(desk: Visitor, world: World) -> None:
    booking = world.book()
    change.cancel(world.session, booking.id, now=LAST_WEEK)
    world.session.commit()
    assert send(desk, entry(world.token(booking), booking.tickets[0].id))["conflicts"] == 1
    (kept,) = world.afresh().scalars(select(OfflineEntry)).all()
    desk.sign_in(world, world.staff(Role.DESK, world.there))
    assert "Tidak ada yang perlu diputuskan." in desk.get(CONFLICTS).text
    assert desk.post(f"{CONFLICTS}/{kept.id}", {"note": "tidak boleh"}).status_code == 404


def test_taken_back_on_the_device(desk: Visitor, world: World) -> None:
    booking = world.book()
    token, ticket_id = world.token(booking), booking.tickets[0].id
    back = (NINE + timedelta(seconds=30)).isoformat()
    assert send(desk, entry(token, withdrawn_at=back))["answers"][nonce()]["answer"] == "withdrawn"
    assert not world.afresh().scalar(select(func.count()).select_from(CheckIn))
    # Its answer had got lost on the way, and so the device knew nothing of it.
    desk.post_json("/meja/pindai", {"code": token, "nonce": nonce("b")})
    assert send(desk, entry(token, letter="b", withdrawn_at=back))["conflicts"] == 0
    assert world.afresh().get(Visit, ticket_id) is None


def test_a_scan_of_yesterday_is_left_to_a_person(desk: Visitor, world: World, clock: FixedClock) -> None:
    booking = world.book()
    desk.get(LIST)
    clock.advance(days=1)
    desk.sign_in(world, world.staff(Role.DESK), now=clock.now())
    said = send(desk, entry(world.token(booking), booking.tickets[0].id))
    assert said["answers"][nonce()] == {"answer": "wrong_day", "conflict": True}


def test_a_row_of_the_list_counts_like_its_ticket(desk: Visitor, world: World) -> None:
    booking = world.book()
    ticket_id = booking.tickets[0].id
    by_row = {"nonce": nonce(), "ticket": ticket_id, "at": NINE.isoformat(), "admitted": [ticket_id]}
    assert send(desk, by_row)["answers"][nonce()]["answer"] == "checked_in"


@pytest.mark.parametrize("body", [None, [], {"entries": 3}, {"entries": [{}] * 101}])
def test_what_no_device_of_ours_sends(desk: Visitor, body: object) -> None:
    token = desk.get(SYNC).json["csrf"]
    assert desk.client.post(SYNC, json=body, headers={"X-CSRFToken": token}).status_code == 422
    assert desk.client.post(SYNC, json={"entries": []}).status_code == 400  # without the token
