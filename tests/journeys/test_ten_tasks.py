"""The ten tasks that come most often, each from the first page of who does it, with presses and fields counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from queue_app.models import Office
from tests.harness.factories import make_nik, make_staff
from tests.harness.fakes import FixedClock
from tests.journeys.citizens_way import SERVICE_NAME, choose_day, press_the_button, send_details, somebody, type_details
from tests.journeys.hand import spent, watch
from tests.journeys.morning import Morning
from tests.journeys.officer import scan, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


@pytest.fixture
def seated(visitor: OpenBrowser, hall_of_today: Morning) -> Callable[[Role], Visitor]:
    def seat(role: Role) -> Visitor:
        officer = sit_down(
            visitor(width=1280, service_workers="block"), hall_of_today.session, role, hall_of_today.clock
        )
        watch(officer.page)
        officer.open("/petugas/")
        return officer

    return seat


def costs(page: Page, presses: int, fields: int) -> None:
    assert spent(page) == (presses, fields)


def enter(officer: Visitor, door: str) -> None:
    officer.page.locator("main").get_by_role("link", name=door, exact=True).click()


def test_booking_and_cancelling(visitor: OpenBrowser) -> None:
    citizen = visitor()
    watch(citizen.page)
    citizen.open("/")
    citizen.link(SERVICE_NAME["id"]).click()
    citizen.button("Belum pernah, lanjutkan").click()
    type_details(citizen, somebody())
    send_details(citizen)
    choose_day(citizen)
    citizen.page.locator("input[name=slot_id]:enabled").first.check()
    press_the_button(citizen)
    costs(citizen.page, 6, 3)
    citizen.link("batalkan").click()
    citizen.button("Ya, batalkan").click()
    citizen.reads("Dibatalkan")
    costs(citizen.page, 2, 0)


def test_somebody_arrives(seated: Callable[[Role], Visitor], hall_of_today: Morning) -> None:
    by_scan, by_code = hall_of_today.tickets(2)
    desk = seated(Role.DESK)
    enter(desk, "Pindai tiket")
    desk.page.locator("#code:focus").wait_for()
    costs(desk.page, 1, 0)  # and the page stays open all day
    scan(desk, hall_of_today.token(by_scan))
    expect(desk.page.locator("[data-place=word]")).to_have_text("Hadir")
    costs(desk.page, 0, 1)  # the scanner's
    desk.page.locator("#code").press_sequentially(by_code.booking.code, delay=100)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-place=number]")).to_contain_text(f"{by_code.queue_number:03}")
    costs(desk.page, 0, 1)


def test_a_visit_at_the_counter(seated: Callable[[Role], Visitor], hall_of_today: Morning) -> None:
    (ticket,) = hall_of_today.tickets(1)
    hall_of_today.arrive(ticket)
    officer = seated(Role.COUNTER)
    enter(officer, "Loket")
    officer.page.locator('[data-key="1"]').click()
    costs(officer.page, 2, 0)  # once a morning
    for key in ("p", "m", "s"):
        officer.page.locator(f'[data-key="{key}"]:not([disabled])').click()
    officer.page.locator('[data-key="p"]').wait_for()
    costs(officer.page, 3, 0)


def test_a_place_for_somebody_without_a_telephone(seated: Callable[[Role], Visitor]) -> None:
    desk = seated(Role.DESK)
    enter(desk, "Bantu warga memesan")
    desk.page.locator("#service").select_option(label=SERVICE_NAME["id"])
    desk.page.locator("#persons-0-nik").fill(make_nik().digits)
    desk.page.locator("#persons-0-name").fill("Mbah Sri")
    desk.page.locator("[name=when]:not([value=sekarang])").first.wait_for()
    desk.page.keyboard.press("Enter")
    desk.page.locator(".assisted__number").wait_for()
    costs(desk.page, 1, 3)


def test_an_hour_is_closed(seated: Callable[[Role], Visitor], hall_of_today: Morning) -> None:
    administrator = seated(Role.ADMINISTRATOR)
    enter(administrator, "Penutupan")
    administrator.button("Rancang penutupan").click()
    for field, text in (
        ("Hari", "2026-11-26"),
        ("Dari pukul (boleh kosong)", "10.00"),
        ("Sampai pukul (boleh kosong)", "11.00"),
        ("Alasan, dibaca warga", "Pemeliharaan jaringan"),
    ):
        administrator.field(field).fill(text)
    administrator.button("Lihat siapa yang terdampak").click()
    administrator.button("Ya, tutup").click()
    administrator.reads("Ditutup. Tidak ada yang dapat memesan lagi;")
    costs(administrator.page, 4, 4)


def test_a_password_is_reset(
    seated: Callable[[Role], Visitor], session: Session, hall_of_today: Morning, clock: FixedClock
) -> None:
    (ticket,) = hall_of_today.tickets(1)
    make_staff(session, session.get_one(Office, ticket.office_id), Role.COUNTER, now=clock.now())
    session.commit()
    administrator = seated(Role.ADMINISTRATOR)
    enter(administrator, "Petugas")
    administrator.page.get_by_role("link", name="Atur ulang kata sandi").first.click()
    administrator.button("Buat tautan kata sandi").click()
    administrator.field("Tautan satu kali pakai").wait_for()
    costs(administrator.page, 3, 0)


def test_hours_are_copied_to_22_services(seated: Callable[[Role], Visitor]) -> None:
    administrator = seated(Role.ADMINISTRATOR)
    enter(administrator, "Layanan, jadwal, dan kuota")
    administrator.link(f"Salin jamnya – {SERVICE_NAME['id']}").click()
    expect(administrator.page.locator("input[name=services]:checked")).to_have_count(22)
    administrator.button("Lihat dampaknya").click()
    administrator.field("Alasan").fill("Jam musim hujan")
    administrator.button("Salin jam").click()
    administrator.reads("Jam disalin")
    costs(administrator.page, 4, 1)


def test_the_quota_of_a_day_is_changed(seated: Callable[[Role], Visitor]) -> None:
    administrator = seated(Role.ADMINISTRATOR)
    enter(administrator, "Layanan, jadwal, dan kuota")
    administrator.link(f"Hari dan kuota – {SERVICE_NAME['id']}").click()
    administrator.page.get_by_role("row", name="Jum 27 Nov").get_by_role("link", name="Kuota").click()
    administrator.field("Kuota baru").fill("31")
    administrator.button("Lihat dampaknya").click()
    administrator.field("Alasan").fill("Dua alat rekam diperbaiki")
    administrator.button("Ubah kuota").click()
    administrator.reads("Kuota diubah. Warga melihatnya sekarang juga.")
    costs(administrator.page, 5, 2)
