"""A scanner that is triggered twice, or once more after an undo."""

from __future__ import annotations

from sqlalchemy import func, select

from queue_app.models import CheckIn
from tests.harness.fakes import FixedClock
from tests.harness.office import NONCE, Visitor, World


def scans(world: World) -> int:
    return world.afresh().scalar(select(func.count()).select_from(CheckIn)) or 0


def test_a_scanner_triggered_twice_keeps_its_first_answer(desk: Visitor, world: World, clock: FixedClock) -> None:
    """Without scripts too, and from the list to the scan page."""
    token = world.token(world.book())
    first = desk.post_json("/meja/pindai", {"code": token, "nonce": NONCE}).json
    clock.advance(seconds=1)
    again = desk.post_json("/meja/pindai", {"code": f"]Q1{token}", "nonce": f"{NONCE}2"}).json
    assert (again["scan_id"], again["word"], again["undo_url"]) == (first["scan_id"], "Hadir", first["undo_url"])
    assert scans(world) == 1
    clock.advance(seconds=2)
    later = desk.post_json("/meja/pindai", {"code": token, "nonce": f"{NONCE}3"}).json
    assert later["word"] == "Sudah hadir"


def test_what_was_taken_back_may_be_scanned_again_at_once(desk: Visitor, world: World) -> None:
    token = world.token(world.book())
    first = desk.post_json("/meja/pindai", {"code": token, "nonce": NONCE}).json
    desk.post_json(first["undo_url"], {})
    again = desk.post_json("/meja/pindai", {"code": token, "nonce": f"{NONCE}2"}).json
    assert again["word"] == "Hadir"
    assert again["scan_id"] != first["scan_id"]
