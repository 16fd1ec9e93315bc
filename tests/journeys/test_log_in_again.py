"""Logged out over a form, a form whose session is lost, and a log-in after wrong passwords, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from tests.harness.factories import PASSWORD, make_nik, time_code
from tests.harness.fakes import FixedClock
from tests.journeys.issued import OpenBrowser
from tests.journeys.officer import sit_down

ADMINISTRATOR, COLLEAGUE = "administrator.sragen", "desk.sragen"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_form_is_sent_by_one_press_after_logging_in_again(
    visitor: OpenBrowser, session: Session, clock: FixedClock, language: str
) -> None:
    administrator = sit_down(visitor(language=language), session, Role.ADMINISTRATOR, clock)
    administrator.open("/admin/kios/baru")
    administrator.field("Nama kios").fill("Pintu masuk")
    clock.advance(minutes=40)
    administrator.button("Buat kios").click()
    assert administrator.reads(
        "Isian Anda disimpan di halaman ini dan belum terkirim. Masuk lagi, lalu kirim dengan satu kali tekan."
    )
    administrator.judge(refused=401)
    administrator.field("Nama pengguna").fill(ADMINISTRATOR)
    administrator.field("Kata sandi").fill(PASSWORD)
    administrator.button("Masuk").click()
    administrator.field("Kode").fill(time_code(clock.now()))
    administrator.judge()
    administrator.button("Masuk").click()
    administrator.button("Kirim lagi").wait_for()
    administrator.judge()
    administrator.button("Kirim lagi").click()
    expect(administrator.page.locator("h1")).to_contain_text("Pintu masuk")
    assert "/admin/kios/1/kode" in administrator.page.url


@pytest.mark.slow
@pytest.mark.parametrize("scripts", [True, False])
def test_a_citizen_whose_session_is_lost_loses_nothing(visitor: OpenBrowser, scripts: bool) -> None:
    citizen = visitor(scripts=scripts)
    citizen.open("/kode-hilang")
    citizen.page.locator("input[name=nik]").fill(make_nik().digits)
    citizen.page.context.clear_cookies(name="queue")
    citizen.page.locator("main form button").click()
    citizen.button("Kirim lagi").wait_for()
    citizen.judge(refused=400)
    citizen.button("Kirim lagi").click()
    citizen.page.wait_for_url("**/kode-hilang/diminta")


@pytest.mark.slow
def test_a_stranger_waits_and_the_administrator_sees_it(
    visitor: OpenBrowser, session: Session, clock: FixedClock
) -> None:
    sit_down(visitor(), session, Role.DESK, clock)
    stranger = visitor()
    stranger.open("/petugas/masuk")
    for _ in range(6):
        stranger.field("Nama pengguna").fill(COLLEAGUE)
        stranger.field("Kata sandi").fill("salah-salah-salah")
        stranger.button("Masuk").click()
        stranger.page.locator(".govuk-error-summary").wait_for()
    assert "Tunggu 4 menit" in stranger.page.locator(".govuk-error-summary").inner_text()
    stranger.heard.clear()
    stranger.judge()
    administrator = sit_down(visitor(), session, Role.ADMINISTRATOR, clock)
    administrator.open("/admin/petugas")
    assert administrator.reads("banyak kata sandi salah")
    administrator.judge()
    administrator.page.get_by_role("button", name="Beri percobaan baru").click()
    assert administrator.reads("Petugas desk dapat mencoba masuk lagi sekarang.")
    expect(administrator.page.get_by_text("banyak kata sandi salah")).to_have_count(0)
