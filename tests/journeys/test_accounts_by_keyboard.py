"""From an invitation to a log-in with a code, by keyboard alone; and how each of the pages looks to every reader."""

from __future__ import annotations

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from tests.harness.factories import PASSWORD
from tests.harness.fakes import FixedClock
from tests.journeys.issued import OpenBrowser
from tests.journeys.officer import sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow
AUDITOR = "Auditor: membaca jejak audit"


@pytest.mark.parametrize(("width", "language", "scripts"), [(360, "id", True), (1280, "en", True), (360, "id", False)])
def test_invited_enrolled_and_logged_in_again(
    visitor: OpenBrowser, session: Session, clock: FixedClock, width: int, language: str, scripts: bool
) -> None:
    how = {"width": width, "language": language, "scripts": scripts}
    administrator = sit_down(visitor(**how), session, Role.ADMINISTRATOR, clock)
    link = invited(administrator)
    newcomer = visitor(**how)
    newcomer.open(link.removeprefix(newcomer.address))
    newcomer.judge()
    typed(newcomer, "Nama pengguna", "rina")
    typed(newcomer, "Kata sandi", PASSWORD)
    typed(newcomer, "Ulangi kata sandi", PASSWORD, then="Enter")
    newcomer.page.wait_for_url("**/petugas/akun/kode-masuk**")
    newcomer.judge()
    pressed(newcomer, "Mulai")
    secret = newcomer.page.locator(".secret-text").inner_text().replace(" ", "")
    typed(newcomer, "Kode dari aplikasi", "123456", then="Enter")
    newcomer.page.locator(".govuk-error-summary").wait_for()
    newcomer.judge(refused=422)
    newcomer.judge_refusal("time_code")
    typed(newcomer, "Kode dari aplikasi", pyotp.TOTP(secret).at(clock.now()), then="Enter")
    recovery = newcomer.page.locator(".recovery__codes li").first.inner_text()
    newcomer.judge()
    focused(newcomer, "Sudah saya simpan, lanjut")
    newcomer.page.keyboard.press("Enter")
    newcomer.page.wait_for_url("**/petugas/")
    for second in (lambda: pyotp.TOTP(secret).at(clock.now()), lambda: recovery):
        clock.advance(minutes=1)
        pressed(newcomer, "Keluar")
        typed(newcomer, "Nama pengguna", "rina")
        typed(newcomer, "Kata sandi", PASSWORD, then="Enter")
        newcomer.field("Kode").wait_for()
        newcomer.judge()
        typed(newcomer, "Kode", second(), then="Enter")
        newcomer.button("Keluar").wait_for()
    newcomer.open("/petugas/akun")
    newcomer.judge()
    newcomer.open(link.removeprefix(newcomer.address))
    assert newcomer.page.locator("main a[href='/petugas/masuk']").count() == 1
    newcomer.judge(refused=410)


def test_a_password_link_and_a_list_of_invitations(visitor: OpenBrowser, session: Session, clock: FixedClock) -> None:
    administrator = sit_down(visitor(width=360), session, Role.ADMINISTRATOR, clock)
    invited(administrator)
    colleague = sit_down(visitor(width=1280), session, Role.DESK, clock)
    administrator.open("/petugas/")
    administrator.link("Petugas").last.click()  # one
    administrator.judge()
    administrator.page.get_by_role("link", name="Atur ulang kata sandi").last.click()  # two
    administrator.judge()
    administrator.button("Buat tautan kata sandi").click()  # three
    link = administrator.field("Tautan satu kali pakai").input_value()
    administrator.judge()
    stranger = visitor(width=360)
    stranger.open(link.removeprefix(stranger.address))
    stranger.judge()
    typed(stranger, "Kata sandi baru", PASSWORD + " baru")
    typed(stranger, "Ulangi kata sandi", PASSWORD + " baru", then="Enter")
    stranger.reads("Kata sandi baru tersimpan. Masuk dengan nama pengguna dan kata sandi itu.")
    colleague.open("/petugas/")
    assert "/petugas/masuk" in colleague.page.url


def invited(administrator: Visitor) -> str:
    """The link, made by keyboard."""
    administrator.open("/admin/petugas/undang")
    typed(administrator, "Nama lengkap", "Rina Ayu")
    administrator.page.get_by_label(administrator.say(AUDITOR)).focus()
    administrator.page.keyboard.press("Space")
    pressed(administrator, "Buat tautan undangan")
    link = administrator.field("Tautan satu kali pakai")
    link.wait_for()
    administrator.judge()
    return link.input_value()


def typed(visitor: Visitor, label: str, text: str, then: str = "") -> None:
    visitor.field(label).focus()
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(text)
    if then:
        visitor.page.keyboard.press(then)


def pressed(visitor: Visitor, button: str) -> None:
    focused(visitor, button)
    visitor.page.keyboard.press("Enter")


def focused(visitor: Visitor, button: str) -> None:
    found = visitor.button(button).first
    found.focus()
    expect(found).to_be_focused()
