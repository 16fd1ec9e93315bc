"""From nothing to an office in Jayapura with two service points by the keyboard alone; its pages at every width."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import pyotp
import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Locator, Page
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.catalogue import CATALOGUE
from queue_app.domain.roles import Role
from queue_app.models import Counter, Office, OfficeService, Slot
from queue_app.services.setup.offices import NewOffice, create_office
from tests.harness.factories import PASSWORD, TESTER
from tests.harness.fakes import FixedClock
from tests.journeys.effort import Effort
from tests.journeys.officer import sit_down
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["empty"], indirect=True)]

LONGEST = 30 * 60  # seconds, by a person's measure
AUTHENTICATOR = 3 * 60  # to put one on the telephone, and to read its code
OpenBrowser = Callable[..., Visitor]
MAP = "https://www.openstreetmap.org/?mlat=-2.54&mlon=140.70"
PAGES = (
    "/admin/persiapan",
    "/admin/persiapan/kantor",
    "/admin/persiapan/layanan",
    "/admin/persiapan/jam",
    "/admin/persiapan/hari-libur",
    "/admin/persiapan/petugas",
    "/admin/persiapan/loket",
    "/admin/kantor/baru",
    "/admin/kantor/zona",
    "/admin/tampilan",
    "/admin/layanan/baru",
    "/admin/layanan",
)


class Keyboard:
    """Reaches everything with Tab, never touches the mouse, and counts what a person would do."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page, self.effort = visitor, visitor.page, Effort()

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        self.effort.keys += 1 + len(text)

    def paste(self, target: Locator, text: str) -> None:
        """As people do with an address; typed as fast as this it would be a scanner's."""
        self._reach(target)
        self.page.keyboard.insert_text(text)
        self.effort.keys += len(text)

    def press(self, target: Locator) -> None:
        """And wait until the next page stands."""
        self._reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.effort.keys += 1
        self.effort.answers += 1
        self.visitor.judge()
        self.effort.reads(urlsplit(self.page.url).path, self.page.inner_text("main"))

    def pick(self, target: Locator, content: bytes) -> None:
        """A file; the window that asks for it is the browser's own."""
        self._reach(target)
        target.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": content})
        self.effort.keys += 20

    def choose(self, target: Locator, steps: int) -> None:
        """Of a group of radios: Tab reaches the first one, arrows go on."""
        self._reach(target)
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")
        if not steps:
            self.page.keyboard.press("Space")
        self.effort.keys += steps or 1

    def tick(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Space")
        self.effort.keys += 1

    def _reach(self, target: Locator) -> None:
        self.effort.decisions += 1
        self.effort.keys += self.visitor.tab_to(target)


def test_an_office_opens_from_nothing(visitor: OpenBrowser, app: Flask, session: Session, clock: FixedClock) -> None:
    administrator = visitor(width=1280)
    page, keys = administrator.page, Keyboard(administrator)
    administrator.open(f"/petugas/admin-pertama/{app.extensions['keyring'].first_administrator_token()}")
    administrator.judge()
    keys.effort.reads(urlsplit(page.url).path, page.inner_text("main"))
    keys.write(administrator.field("Nama lengkap"), "Maria Wenda")
    keys.write(administrator.field("Nama pengguna"), "maria.wenda")
    keys.write(administrator.field("Kata sandi"), PASSWORD)
    keys.write(administrator.field("Ulangi kata sandi"), PASSWORD)
    keys.write(administrator.field("Nama kantor"), "Disdukcapil Kota Jayapura")
    keys.choose(page.get_by_role("radio").first, 2)
    keys.press(administrator.button("Buat akun dan masuk"))
    keys.press(administrator.button("Mulai"))
    secret = page.locator(".secret-text").inner_text().replace(" ", "")
    keys.write(administrator.field("Kode dari aplikasi"), pyotp.TOTP(secret).at(clock.now()))
    keys.press(administrator.button("Pasang"))
    keys.press(administrator.button("Sudah saya simpan, lanjut"))
    assert page.url.endswith("/admin/persiapan")
    keys.press(page.get_by_role("link", name="1. Kantor"))
    keys.write(administrator.field("Alamat"), "Jl. Balai Kota, Jayapura")
    keys.paste(administrator.field("Tautan peta"), MAP)
    keys.write(administrator.field("Telepon"), "(0967) 123 456")
    keys.pick(administrator.field("Gambar logo"), _logo())
    keys.press(administrator.button("Simpan dan lanjut"))
    assert page.locator(".brand__picture").count() == 1
    keys.press(administrator.button("Tambahkan semuanya"))
    keys.write(page.get_by_label("Tutup, Jumat"), "11.30")
    keys.press(administrator.button("Simpan dan lanjut"))
    for _year in range(2):
        keys.press(page.get_by_role("button", name="Pastikan semuanya").first)
    keys.press(administrator.button("Simpan dan lanjut"))
    _invites(keys, "Yosina Kambu")
    keys.press(administrator.link("6. Loket dan perangkat"))
    _opens_counters(keys, "4")
    assert not page.get_by_text("Yang boleh menyusul").count()
    _adds_a_service_point(page, keys)
    assert keys.effort.seconds + AUTHENTICATOR < LONGEST, keys.effort
    session.rollback()
    main, second = session.scalars(select(Office).order_by(Office.position)).all()
    assert {main.time_zone, second.time_zone} == {"Asia/Jayapura"}
    assert main.map_url == MAP
    given = select(func.count()).select_from(OfficeService)
    assert session.scalar(given) == 2 * len(CATALOGUE)
    counters = select(Counter.office_id, func.count()).group_by(Counter.office_id).order_by(Counter.office_id)
    assert session.execute(counters).all() == [(main.id, 4), (second.id, 2)]
    first = session.scalars(select(Slot).where(Slot.office_id == second.id).order_by(Slot.starts_at)).first()
    assert first is not None
    assert first.starts_at.hour == 23  # 08.00 WIT
    citizen = visitor(width=360)
    citizen.open("/titik-layanan-distrik-abepura/ktp-rekam")
    citizen.judge()
    assert citizen.reads("Perekaman KTP-el")


def _logo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (200, 100), "#7a1f5c").save(file, "PNG")
    return file.getvalue()


def _adds_a_service_point(page: Page, keys: Keyboard) -> None:
    administrator = keys.visitor
    keys.press(administrator.link("Tambah kantor atau titik layanan"))
    keys.write(administrator.field("Nama kantor"), "Titik Layanan Distrik Abepura")
    keys.write(administrator.field("Kabupaten, kota, atau distrik"), "Distrik Abepura")
    administrator.tab_to(administrator.field("Samakan layanan, jam, dan kuota dengan"))
    page.keyboard.press("ArrowDown")
    keys.press(administrator.button("Buat kantor"))
    assert page.url.endswith("/admin/persiapan/kantor")
    keys.write(administrator.field("Alamat"), "Jl. Raya Abepura 12, Jayapura")
    keys.paste(administrator.field("Tautan peta"), MAP)
    keys.write(administrator.field("Telepon"), "(0967) 123 457")
    keys.press(administrator.button("Simpan dan lanjut"))
    for _step in ("services", "hours", "holidays"):  # it has those of the other one
        keys.press(administrator.link("Ke langkah berikutnya"))
    _invites(keys, "Barnabas Youwe")
    keys.press(administrator.link("6. Loket dan perangkat"))
    _opens_counters(keys, "2")


def _invites(keys: Keyboard, name: str) -> None:
    administrator = keys.visitor
    keys.press(administrator.button("Undang petugas"))
    keys.write(administrator.field("Nama lengkap"), name)
    for role in ("Meja depan: mencatat", "Loket: memanggil"):
        keys.tick(administrator.page.get_by_label(role))
    keys.press(administrator.button("Buat tautan undangan"))
    keys.press(administrator.link("Persiapan kantor"))


def _opens_counters(keys: Keyboard, number: str) -> None:
    """And tries the office."""
    administrator = keys.visitor
    keys.write(administrator.field("Jumlah loket"), number)
    keys.press(administrator.button("Simpan dan lanjut"))
    keys.press(administrator.button("Coba memesan"))
    assert administrator.page.get_by_text("A-001").count() == 1
    assert administrator.page.get_by_text("Belum lengkap").count() == 1  # until who is invited has an account


@pytest.mark.parametrize(("width", "language"), [(360, "en"), (768, "id"), (1280, "en")])
def test_every_page_of_the_set_up_at_every_width(
    visitor: OpenBrowser, session: Session, clock: FixedClock, width: int, language: str
) -> None:
    by = {"actor": TESTER, "now": clock.now()}
    create_office(session, NewOffice("Disdukcapil Kota Jayapura", "Asia/Jayapura"), **by)
    session.commit()
    administrator = sit_down(visitor(width=width, language=language), session, Role.ADMINISTRATOR, clock)
    for path in PAGES:
        administrator.open(path)
        administrator.judge()
    administrator.open("/admin/persiapan/layanan")
    administrator.button("Tambahkan semuanya").click()
    administrator.judge()
    administrator.button("Simpan dan lanjut").click()
    administrator.judge()
    service = session.scalars(select(OfficeService.id)).first()
    for page in ("layanan/{}/huruf", "layanan/{}/pakai", "jadwal/{}/salin"):
        administrator.open(f"/admin/{page.format(service)}")
        administrator.judge()
    administrator.open("/admin/kantor/zona")
    administrator.page.get_by_role("radio").first.check()
    administrator.button("Lihat dampaknya").click()
    administrator.judge()
