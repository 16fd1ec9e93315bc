"""Entries of a device that are wrong in every way: each is refused by itself, and none keeps the others waiting."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from sqlalchemy import select

from queue_app.domain.arrivals import ScanResult
from queue_app.models import CheckIn, OfflineEntry
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World

SCANS, PRESSES = "/meja/sinkron", "/loket/sinkron"
NOW = MONDAY_MORNING.isoformat()
HALF = "\ud800"
ANYTHING: tuple[Any, ...] = (
    *("", " ", "x", "x" * 5_000, "\x00", HALF, "\u202e", "٣", "2026-11-23", "0001-01-01T00:00:00+14:00", "NaN", "null"),
    *(0, -1, 1.5, 7.0, 1e308, 2**31, 2**63, 2**64, 10**400, True, False, None),
    *([], [[]], [None], ["x"], [1.5], [True], [2**64], [1] * 6, [{}], {}, {"a": {"b": []}}, [[[[[[[[]]]]]]]]),
)
FIELDS = {
    SCANS: ("nonce", "at", "code", "ticket", "admitted", "withdrawn_at", "office", "kind", "more"),
    PRESSES: ("nonce", "act", "ticket", "counter", "at", "outcome", "office", "number"),
}
PRESS = {"act": "finish", "ticket": 1, "counter": 1, "at": NOW, "outcome": "done"}


def nonce(number: int) -> str:
    return "".join(chr(ord("a") + (number >> shift & 15)) for shift in range(124, -4, -4))


def send(visitor: Visitor, path: str, body: str, *, kind: str = "application/json") -> Any:
    token = visitor.get(SCANS).json["csrf"]
    return visitor.client.post(path, data=body.encode(), content_type=kind, headers={"X-CSRFToken": token})


def wrong_ones(path: str, good: dict[str, Any]) -> list[dict[str, Any]]:
    broken = [{**good, field: value} for field in FIELDS[path] for value in ANYTHING]
    broken += [{name: value for name, value in good.items() if name != left_out} for left_out in good]
    return [{"nonce": nonce(number + 100), **entry} for number, entry in enumerate(broken)]


@pytest.mark.parametrize("path", [SCANS, PRESSES])
def test_every_wrong_value_of_every_field(desk: Visitor, world: World, path: str) -> None:
    """In batches with a good one at the end, which is taken over each time."""
    booking = world.book()
    template = {"code": "7KX92MQA", "at": NOW, "admitted": [], "withdrawn_at": None} if path == SCANS else PRESS
    good = {"code": world.token(booking), "at": NOW} if path == SCANS else PRESS
    entries = wrong_ones(path, template)
    refused = set()
    for start in range(0, len(entries), 60):
        batch = [*entries[start : start + 60], {**good, "nonce": nonce(10_000 + start)}]
        answer = send(desk, path, json.dumps({"entries": batch}))
        assert answer.status_code == 200, answer.text
        said = answer.json
        assert nonce(10_000 + start) in said["answers"]
        known = {*said["answers"], *said["refused"]}
        places = {place for place, entry in enumerate(batch) if str(entry.get("nonce")) in known}
        assert places | set(said["unreadable"]) == set(range(len(batch)))
        refused |= {one["code"] for one in said["refused"].values()}
        assert all(one["words"] for one in said["refused"].values())
    assert refused <= {"invalid", "not_found"}
    if path == SCANS:
        assert world.afresh().scalars(select(CheckIn.result)).all().count(ScanResult.CHECKED_IN) == 1


@pytest.mark.parametrize("path", [SCANS, PRESSES])
@pytest.mark.parametrize(
    "body",
    [
        *("", "null", "7", '"entries"', "[]", "{", "NaN", '{"entries": null}', '{"entries": {"a": 1}}', "\ufeff{}"),
        *('{"entries": [NaN]}', '{"entries": [Infinity]}', '{"entries": ' + "[" * 20_000, '{"a": ' * 9_000),
        *('{"entries": [' + "9" * 5_000 + "]}", json.dumps({"entries": [1] * 101})),
    ],
    ids=lambda body: body[:20],
)
def test_what_is_no_batch_is_said_to_be_unreadable(desk: Visitor, path: str, body: str) -> None:
    answer = send(desk, path, body)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_entries")
    assert send(desk, path, body, kind="text/plain").status_code == 422


def test_what_is_no_entry_is_named_by_its_place(desk: Visitor, world: World) -> None:
    good = {"nonce": nonce(1), "code": world.token(world.book()), "at": NOW}
    said = send(desk, SCANS, json.dumps({"entries": [None, 7, [], {}, {"nonce": "A" * 32}, good]})).json
    assert said["unreadable"] == [0, 1, 2, 3, 4]
    assert said["answers"] == {nonce(1): {"answer": "checked_in", "conflict": False}}


def test_a_nonce_answers_for_one_scan_and_one_press(desk: Visitor, world: World) -> None:
    first, second = world.book(), world.book(hour=8)
    scan = {"nonce": nonce(1), "code": world.token(first), "at": NOW, "admitted": [first.tickets[0].id]}
    press = {**PRESS, "nonce": nonce(2)}
    for path, entry, others in (
        (SCANS, scan, ({"code": world.token(second)}, {"at": "2026-11-23T01:59:00+00:00"})),
        (PRESSES, press, ({"act": "hold"}, {"ticket": 2}, {"counter": 2}, {"outcome": "refused"})),
    ):
        kept = send(desk, path, json.dumps({"entries": [entry]})).json["answers"]
        assert send(desk, path, json.dumps({"entries": [entry]})).json["answers"] == kept
        for other in others:
            said = send(desk, path, json.dumps({"entries": [{**entry, **other}]})).json
            assert said["refused"][entry["nonce"]]["code"] == "request_changed"
            assert said["answers"] == {}
    assert len(world.afresh().scalars(select(OfflineEntry)).all()) == 2


def test_what_is_taken_back_after_its_answer_was_lost_is_undone(desk: Visitor, world: World) -> None:
    booking = world.book()
    scan = {"nonce": nonce(1), "code": world.token(booking), "at": NOW, "admitted": [booking.tickets[0].id]}
    assert send(desk, SCANS, json.dumps({"entries": [scan]})).json["answers"][nonce(1)]["answer"] == "checked_in"
    back = {**scan, "admitted": [], "withdrawn_at": NOW}
    for _twice in range(2):
        said = send(desk, SCANS, json.dumps({"entries": [back]})).json
        assert said["answers"] == {nonce(1): {"answer": "withdrawn", "conflict": False}}
    assert world.afresh().scalars(select(CheckIn.undone_at)).one() is not None


def test_a_fault_of_ours_keeps_no_other_waiting(desk: Visitor, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_anything: object, **_more: object) -> None:
        raise RuntimeError("3314990101900001 must never be shown")

    scans = sys.modules["queue_app.web.desk.offline.scans"]
    monkeypatch.setattr(scans, "sync_scan", break_down)
    scan = {"nonce": nonce(1), "code": world.token(world.book()), "at": NOW}
    said = send(desk, SCANS, json.dumps({"entries": [scan]}))
    assert said.json["refused"][nonce(1)]["code"] == "server_error"
    assert "3314" not in said.text
