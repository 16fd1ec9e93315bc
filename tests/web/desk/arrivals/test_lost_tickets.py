"""A genuine ticket of a time whose data is lost: said at the desk, the kiosk, the API and on its own page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, MessageState, OutboxMessage, Restoration
from tests.harness.fakes import FixedClock
from tests.harness.office import NONCE, Visitor, World

LOST_ID = 4711


@pytest.fixture
def gap(world: World, clock: FixedClock) -> Restoration:
    """Six hours of the night are missing."""
    row = Restoration(
        backup_at=clock.now() - timedelta(hours=7),
        restored_at=clock.now() - timedelta(hours=1),
        restored_by="root@server",
    )
    world.session.add(row)
    world.session.commit()
    return row


@pytest.fixture
def lost(gap: Restoration, app: Flask) -> str:
    return app.extensions["keyring"].ticket_token(LOST_ID)


def test_the_desk_is_told_what_to_do_and_it_is_audited(desk: Visitor, world: World, lost: str) -> None:
    answer = desk.post_json("/meja/pindai", {"code": lost, "nonce": NONCE}).json
    assert (answer["result"], answer["tone"], answer["word"]) == ("lost", "wait", "Asli, datanya hilang")
    assert (
        "antara Senin, 23 November 2026 pukul 02.00 WIB dan Senin, 23 November 2026 pukul 08.00 WIB" in answer["detail"]
    )
    assert "Bantu warga" in answer["detail"]
    entry = world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == "ticket.lost_shown")).one()
    assert (entry.subject, entry.subject_id, entry.office_id) == ("ticket", LOST_ID, world.here.id)
    assert entry.actor.startswith("staff:")


def test_the_search_of_every_page_says_so_too(desk: Visitor, lost: str) -> None:
    assert "Asli, tetapi datanya hilang" in desk.post("/meja/cari", {"q": lost}).text


def test_a_forged_ticket_stays_unknown(desk: Visitor, lost: str) -> None:
    forged = lost[:-2] + ("0G" if lost[-2:] != "0G" else "10")
    assert desk.post_json("/meja/pindai", {"code": forged, "nonce": NONCE}).json["result"] == "unknown"


def test_without_a_restoration_nothing_is_said_of_one(desk: Visitor, world: World, app: Flask) -> None:
    token = app.extensions["keyring"].ticket_token(LOST_ID)
    assert desk.post_json("/meja/pindai", {"code": token, "nonce": NONCE}).json["result"] == "unknown"
    assert desk.get(f"/t/{token}").status_code == 404


@pytest.mark.parametrize("page", ["", "/cetak", "/ubah", "/batal", "/tiket.pdf"])
def test_the_tickets_page_says_it_is_genuine_and_what_to_do(visitor: Visitor, lost: str, page: str) -> None:
    answer = visitor.get(f"/t/{lost}{page}")
    assert answer.status_code == 410, "not 404, at which a telephone throws its copy away"
    assert "Tiket ini asli, tetapi datanya hilang" in answer.text
    assert "Simpan tiket ini" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    english = visitor.get(f"/t/{lost}{page}?lang=en").text
    assert "This ticket is genuine" in english


def test_my_ticket_tells_of_the_gap_where_a_code_is_not_found(visitor: Visitor, gap: Restoration) -> None:
    answer = visitor.post("/tiket-saya", {"code": "7KX9-2MQA", "phone": "081234567890"})
    assert answer.status_code == 422
    assert "Sistem pernah dipulihkan dari cadangan" in answer.text


def test_programs_are_told_by_a_code(visitor: Visitor, world: World, lost: str) -> None:
    booking = world.book()
    answer = visitor.client.get(f"/api/v1/bookings/{booking.code}", headers={"Ticket-Token": lost})
    assert (answer.status_code, answer.json["code"]) == (410, "ticket_lost")


def test_the_notice_stands_on_every_page_of_staff_until_an_administrator_has_read_it(
    app: Flask, desk: Visitor, world: World, gap: Restoration
) -> None:
    notice = "Sistem dipulihkan dari cadangan"
    assert notice in desk.get("/meja/kedatangan").text
    assert desk.client.get("/readyz").json["restored"]["from"] == gap.backup_at.isoformat()
    administrator = Visitor(app.test_client()).sign_in(world, world.staff(Role.ADMINISTRATOR))
    page = administrator.get("/admin/cadangan")
    assert "root@server" in page.text
    assert administrator.post(f"/admin/cadangan/{gap.id}/diketahui", {}).status_code == 303
    assert notice not in desk.get("/meja/kedatangan").text
    assert "restored" not in desk.client.get("/readyz").json
    assert "Diketahui administrator" in administrator.get("/admin/cadangan").text


def test_an_administrator_sends_what_is_held(administrator: Visitor, world: World, gap: Restoration) -> None:
    for booking in (world.book(), world.book()):
        world.session.query(OutboxMessage).filter_by(booking_id=booking.id).update({"state": MessageState.HELD})
    world.session.commit()
    assert "2 pesan ditahan" in administrator.get("/admin/pesan").text
    first = world.session.scalars(select(OutboxMessage.id).order_by(OutboxMessage.id)).first()
    assert "Kirim juga" in administrator.get(f"/admin/pesan/{first}").text
    administrator.post(f"/admin/pesan/{first}/kirim", {})
    states = select(OutboxMessage.state).order_by(OutboxMessage.id)
    assert world.afresh().scalars(states).all() == ["queued", "held"]
    administrator.post("/admin/pesan/kirim-semua", {})
    assert set(world.afresh().scalars(states)) == {"queued"}
