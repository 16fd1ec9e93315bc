"""The time that a device gives counts as far as it can be true: since it was last heard of, and not in the future."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, HallDevice, OfflineEntry, Visit
from queue_app.services.offline.devices import purge_devices
from queue_app.web.access.hall_devices import COOKIE
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World
from tests.web.citizen import text_of

LIST, SYNC, PAGE = "/meja/hari-ini.json", "/meja/sinkron", "/meja/luring"


def scan(desk: Visitor, world: World, at: datetime, letter: str = "a", **who: Any) -> dict[str, Any]:
    """Sends one scan of somebody new; their ticket's id in ``ticket``."""
    booking = world.book(**who)
    entry = {"nonce": letter * 32, "code": world.token(booking), "at": at.isoformat()}
    token = desk.get(SYNC).json["csrf"]
    answer = desk.client.post(SYNC, json={"entries": [entry]}, headers={"X-CSRFToken": token})
    assert answer.status_code == 200, answer.text
    return {**answer.json, "ticket": booking.tickets[0].id}


def arrived(world: World, said: dict[str, Any]) -> datetime:
    return world.afresh().get_one(Visit, said["ticket"]).arrived_at


def stay_connected(desk: Visitor, clock: FixedClock, minutes: int) -> None:
    for _minute in range(minutes):
        clock.advance(minutes=1)
        assert desk.get(LIST).status_code == 200


def test_an_hour_earlier_gives_nobody_a_better_place(desk: Visitor, world: World, clock: FixedClock) -> None:
    desk.get(LIST)
    stay_connected(desk, clock, 20)
    real = scan(desk, world, clock.now() - timedelta(seconds=30))
    assert (real["corrected"], arrived(world, real)) == (0, clock.now() - timedelta(seconds=30))
    claimed = clock.now() - timedelta(minutes=19)
    said = scan(desk, world, claimed, "b", name="Budi Santoso")
    assert said["corrected"] == 1
    assert arrived(world, said) == clock.now() - timedelta(minutes=3)
    (kept,) = world.session.scalars(select(OfflineEntry).where(OfflineEntry.claimed_at.is_not(None))).all()
    assert (kept.at, kept.claimed_at) == (clock.now() - timedelta(minutes=3), claimed)
    (entry,) = world.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "offline.time_corrected").order_by(AuditEntry.id)
    ).all()
    assert (entry.before, entry.after) == ({"time": claimed.isoformat()}, {"time": kept.at.isoformat()})
    page = text_of(desk.get(PAGE).text)
    assert "Waktu dibetulkan hari ini" in page
    assert "dari perangkat Sen 23 Nov 2026, 09.01, dicatat Sen 23 Nov 2026, 09.17" in page


def test_what_was_done_while_nobody_heard_of_it_keeps_its_time(desk: Visitor, world: World, clock: FixedClock) -> None:
    stay_connected(desk, clock, 5)
    cut, done = clock.now(), clock.now() + timedelta(minutes=1)
    clock.advance(minutes=40)
    desk.sign_in(world, world.staff(Role.DESK), now=clock.now())  # their session is over by then
    desk.get("/meja/kedatangan")  # and the first page that they see is another one
    said = scan(desk, world, done)
    assert (said["corrected"], arrived(world, said)) == (0, done)
    early = scan(desk, world, cut - timedelta(minutes=5), "b")
    assert early["corrected"] == 1
    assert cut - timedelta(seconds=20) <= arrived(world, early) <= cut
    stay_connected(desk, clock, 20)
    desk.sign_in(world, world.staff(Role.DESK), now=clock.now())  # asking for lists keeps nobody logged in
    stay_connected(desk, clock, 15)
    late = scan(desk, world, done, "c", hour=8)  # by now it has long sent what it did
    assert arrived(world, late) == clock.now() - timedelta(minutes=3)


def test_a_connection_that_is_back_for_a_moment_does_not_end_the_silence(
    desk: Visitor, world: World, clock: FixedClock
) -> None:
    desk.get(LIST)
    done = clock.advance(minutes=1)
    clock.advance(minutes=10)
    desk.get(LIST)  # and is cut again before anything was sent
    clock.advance(minutes=10)
    said = scan(desk, world, done)
    assert (said["corrected"], arrived(world, said)) == (0, done)


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=300)])
def test_nothing_was_done_in_the_future(desk: Visitor, world: World, clock: FixedClock, ahead: timedelta) -> None:
    said = scan(desk, world, clock.now() + ahead)
    assert (said["corrected"], arrived(world, said)) == (1, clock.now())


def test_a_device_that_nobody_knows_may_say_three_minutes(desk: Visitor, world: World, clock: FixedClock) -> None:
    desk.get(LIST)
    clock.advance(minutes=25)
    desk.client.delete_cookie(COOKIE)
    said = scan(desk, world, MONDAY_MORNING + timedelta(minutes=1))
    assert arrived(world, said) == clock.now() - timedelta(minutes=3)


def test_the_cookie_tells_nothing_and_only_lists_bring_it(desk: Visitor, world: World, clock: FixedClock) -> None:
    desk.get("/meja/kedatangan")
    assert desk.client.get_cookie(COOKIE) is None
    set_cookie = desk.get(LIST).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict"} <= {part.strip() for part in set_cookie.split(";")}
    token = desk.client.get_cookie(COOKIE).value
    (row,) = world.afresh().scalars(select(HallDevice)).all()
    assert token.encode() not in row.token_hash
    assert "Set-Cookie" not in desk.get(LIST).headers
    clock.advance(minutes=1)
    desk.client.set_cookie(COOKIE, "x" * 4000)
    assert desk.get(LIST).status_code == 200
    purge_devices(world.afresh(), before=clock.now() - timedelta(seconds=30))
    assert token not in str(world.session.scalars(select(HallDevice)).all())
