"""A day is closed, the message comes, and the other place is accepted: at 360 px, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.roles import Role
from queue_app.jobs.registry import run_job
from queue_app.services.calendar.closures import revoke
from tests.harness.closing import TESTER
from tests.harness.fakes import THURSDAY, FixedClock
from tests.journeys.officer import booked, hours_of, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


@pytest.mark.parametrize("scripts", [True, False])
def test_closed_told_accepted_and_open_after_all(
    visitor: OpenBrowser,
    app: Flask,
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
    settings: Settings,
    scripts: bool,
) -> None:
    first = booked(session, hours_of(session, THURSDAY)[0], keyring)
    booked(session, hours_of(session, THURSDAY)[1], keyring)
    administrator = sit_down(visitor(scripts=scripts), session, Role.ADMINISTRATOR, clock)
    closure_id = _closes_thursday(administrator)
    for job in ("carry-out-closures", "send-outbox"):
        run_job(app, job)
    _sees_how_far_it_is(administrator, by_itself=scripts)

    citizen = visitor(scripts=scripts)
    ticket = keyring.ticket_token(first.tickets[0].id)
    texts = [path.read_text(encoding="utf-8") for path in settings.outbox_folder.glob("*.txt")]
    (message,) = [text for text in texts if f"/t/{ticket}/terima" in text]
    assert "Alasan: Pemeliharaan jaringan" in message
    links = re.findall(r"https?://\S+/t/\S+", message)
    citizen.page.goto(links[0].rsplit("/", 1)[0])  # the ticket itself
    assert citizen.reads("Tempat pengganti untuk Anda")
    citizen.judge()
    for link in (links[1], links[2], links[0]):
        citizen.page.goto(link)
        citizen.judge()
    assert citizen.page.url.endswith("/terima")
    citizen.button("Ya, saya datang pada jadwal ini").click()
    assert citizen.reads("Tempat itu sekarang milik Anda. Pakai tiket ini; tiket yang lama tidak berlaku lagi.")
    citizen.judge()
    _telephones_the_other(administrator)

    clock.advance(hours=1)
    session.rollback()  # what was read before belongs to an older snapshot
    revoke(session, closure_id, office_id=1, reason="Jaringan sudah baik", actor=TESTER, now=clock.now())
    session.commit()
    run_job(app, "carry-out-closures")
    citizen.page.goto(f"{citizen.page.url.rstrip('/')}/terima")
    assert citizen.reads("Kembali ke jadwal semula?")
    citizen.judge()
    citizen.button("Ya, kembali ke jadwal semula").click()
    citizen.page.wait_for_url("**/t/*")
    expect(citizen.page.locator(".ticket").first).to_contain_text("Kamis, 26 November 2026")


def _closes_thursday(administrator: Visitor) -> int:
    administrator.open("/admin/penutupan")
    administrator.judge()
    administrator.button("Rancang penutupan").click()
    administrator.field("Hari").fill("2026-11-26")
    administrator.field("Alasan, dibaca warga").fill("Pemeliharaan jaringan")
    administrator.judge()
    administrator.button("Lihat siapa yang terdampak").click()
    assert administrator.reads("2 orang sudah memesan dan terdampak.")
    administrator.judge()
    administrator.button("Ya, tutup: 2 orang harus ditelepon").click()
    administrator.page.get_by_text("Tidak ada yang dapat memesan lagi").wait_for()
    administrator.judge()
    return int(administrator.page.url.rsplit("/", 1)[1])


def _sees_how_far_it_is(administrator: Visitor, *, by_itself: bool) -> None:
    if not by_itself:
        administrator.link("Lihat lagi").click()
    assert administrator.reads("tempat disimpan, belum menjawab")
    administrator.judge()


def _telephones_the_other(administrator: Visitor) -> None:
    administrator.page.reload()
    administrator.link("Daftar telepon").click()
    administrator.judge()
    administrator.page.get_by_role("button", name="Tampilkan nomor HP").first.click()
    administrator.page.locator("a[href^='tel:']").wait_for()
    administrator.judge()
    administrator.button("Catat: sudah diberi tahu").first.click()
    assert administrator.reads("Dicatat: sudah ditelepon.")
