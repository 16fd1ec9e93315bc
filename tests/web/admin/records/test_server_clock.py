"""While the server's clock is doubted: who is told, who may say that it is right, and the second clock that says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.domain.clock_trust import Doubt
from queue_app.domain.roles import Role
from queue_app.jobs.registry import JobWaits, run_job
from queue_app.models import AuditEntry, ClockTrust
from tests.harness.fakes import FixedClock
from tests.harness.office import Visitor, World, refusals
from tests.web.citizen import text_of

JOBS, CONFIRM, LIST = "/admin/pesan", "/admin/pesan/jam", "/meja/hari-ini.json"
WAIT = "Tugas berkala menunggu: jam server diragukan."
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture
def doubted(app: Flask, world: World, clock: FixedClock) -> datetime:
    """A day and a half ahead: longer than any session lasts."""
    run_job(app, "mark-no-shows")
    clock.switch_off(hours=37)
    with pytest.raises(JobWaits):
        run_job(app, "mark-no-shows")
    return clock.now()


def doubt(world: World) -> Doubt | None:
    return world.afresh().get_one(ClockTrust, 1, populate_existing=True).doubt


def signed_in(visitor: Visitor, world: World, role: Role, now: datetime) -> Visitor:
    return visitor.sign_in(world, world.staff(role), now=now)


def test_the_administrator_is_told_and_confirms(visitor: Visitor, world: World, doubted: datetime) -> None:
    administrator = signed_in(visitor, world, Role.ADMINISTRATOR, doubted)
    assert WAIT in text_of(administrator.get("/petugas/").text)
    page = text_of(administrator.get(JOBS).text)
    assert WAIT in page
    assert "Waktu terakhir yang pasti: Sen 23 Nov 2026, 09.00" in page
    assert "Menurut server sekarang: Sel 24 Nov 2026, 22.00" in page
    assert administrator.get("/readyz").json == {"status": "ok", "clock": "doubted"}
    empty = administrator.post(CONFIRM, {"reason": " "})
    assert (empty.status_code, len(refusals(empty))) == (422, 1)
    assert doubt(world) is Doubt.UNSEEN
    assert administrator.post(CONFIRM, {"reason": "Jam dinding dan HP"}).status_code == 303
    assert doubt(world) is None
    assert WAIT not in text_of(administrator.get(JOBS).text)
    assert administrator.get("/readyz").json == {"status": "ok", "clock": "ok"}
    said = text_of(administrator.get("/admin/jejak").text)
    assert "Jam server dipastikan benar" in said
    assert "Senin, 23 November 2026 pukul 09.00 WIB" in said


@pytest.mark.parametrize("role", [Role.DESK, Role.COUNTER, Role.AUDITOR])
def test_nobody_else_may(visitor: Visitor, world: World, doubted: datetime, role: Role) -> None:
    other = signed_in(visitor, world, role, doubted)
    assert WAIT not in text_of(other.get("/petugas/").text)
    assert other.post(CONFIRM, {"reason": "Jam dinding"}).status_code == 403
    assert doubt(world) is Doubt.UNSEEN


def test_a_device_of_the_desk_is_the_second_clock(visitor: Visitor, world: World, doubted: datetime) -> None:
    desk = signed_in(visitor, world, Role.DESK, doubted)
    right, wrong = doubted + timedelta(seconds=20), doubted - timedelta(hours=37)
    here = {"REMOTE_ADDR": "127.0.0.1"}  # a browser on the server itself
    for told, where in (("", ELSEWHERE), ("x", ELSEWHERE), (wrong.isoformat(), ELSEWHERE), (right.isoformat(), here)):
        assert desk.get(LIST, headers={"Device-Time": told}, environ_base=where).status_code == 200
        assert doubt(world) is Doubt.UNSEEN
    desk.get(LIST, headers={"Device-Time": right.isoformat().replace("+00:00", "Z")}, environ_base=ELSEWHERE)
    assert doubt(world) is None
    (entry,) = (
        world.afresh()
        .scalars(select(AuditEntry).where(AuditEntry.action == "clock.confirmed").order_by(AuditEntry.id))
        .all()
    )
    assert entry.actor == f"staff:{world.staff(Role.DESK).id}"
