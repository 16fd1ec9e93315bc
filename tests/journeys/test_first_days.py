"""From the first start to the second day: the office sets up, changes its quota, closes a day, and sees who came."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.models import Holiday, Office, OutboxMessage
from tests.harness.factories import PASSWORD, make_staff
from tests.harness.fakes import FixedClock
from tests.journeys.citizens_way import SERVICE, SERVICE_NAME, book, number_on, send_details, somebody, type_details
from tests.journeys.officer import (
    accepts,
    answer_on,
    booked,
    enrol_on_the_page,
    hours_of,
    invites,
    log_in,
    offering_at,
    scan,
    sit_down,
)
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]
WEDNESDAY_MORNING = datetime(2026, 11, 25, 2, 15, tzinfo=UTC)  # 09.15 in Sragen
QUOTA_REASON = "Dua alat rekam diperbaiki"
CLOSED_BECAUSE = "Pemeliharaan jaringan"


def test_the_main_job(visitor: OpenBrowser, app: Flask, clock: FixedClock) -> None:
    administrator, citizen = visitor(width=1280), visitor()
    _makes_the_first_account(administrator, app, clock)
    officer, auditor = visitor(), visitor(width=1280)
    accepts(officer, invites(administrator, "Meja depan"), "sri.desk")
    accepts(auditor, invites(administrator, "Auditor: membaca jejak audit"), "rina.audit")
    auditor.page.wait_for_url("**/petugas/akun/kode-masuk**")
    secret = enrol_on_the_page(auditor, clock)
    ticket = book(citizen, day=1, hour=1)  # Wednesday 09.00
    number = number_on(citizen)
    affected = book(visitor(), day=2)  # Thursday
    _changes_the_quota_of_friday(administrator)
    _closes_thursday(administrator)
    _sees_both(citizen)
    citizen.page.goto(affected)
    citizen.page.get_by_text(CLOSED_BECAUSE).wait_for()
    citizen.judge()
    citizen.button("Pilih jadwal baru").click()
    citizen.page.wait_for_url("**/ubah")

    clock.set(WEDNESDAY_MORNING)
    officer.open("/petugas")
    log_in(officer, "sri.desk")
    expect(officer.link("Jejak audit")).to_have_count(0)
    officer.link("Pindai").click()
    officer.page.locator("#code:focus").wait_for()
    scan(officer, ticket.rsplit("/", 1)[1])
    officer.page.locator("[data-place=number]", has_text=number).wait_for()
    assert answer_on(officer) == ("Hadir", "ok")
    citizen.page.goto(ticket)
    assert citizen.reads("Anda yang berikutnya. Bersiaplah di dekat loket.")
    citizen.judge()

    auditor.open("/petugas")
    log_in(auditor, "rina.audit", secret, clock)
    auditor.link("Jejak audit").first.click()
    for words in (QUOTA_REASON, CLOSED_BECAUSE, "sri.desk", "Kehadiran dicatat", "Tiket dipesan"):
        assert auditor.reads(words)
    expect(auditor.page.locator("main")).not_to_contain_text("3314")
    auditor.judge()
    _logs_out(auditor)


@pytest.mark.parametrize(("width", "language"), [(360, "id"), (1280, "en")])
def test_every_page_of_the_office(
    visitor: OpenBrowser, session: Session, keyring: FileKeyring, clock: FixedClock, width: int, language: str
) -> None:
    slot = hours_of(session, date(2026, 11, 24))[0]
    booked(session, slot, keyring)
    day, offering = slot.service_day_id, offering_at(session).id
    message = session.scalars(select(OutboxMessage.id)).first()
    holiday = session.scalars(select(Holiday.id).where(Holiday.date == date(2026, 12, 25))).one()
    colleague = make_staff(session, session.get_one(Office, slot.office_id), Role.COUNTER, now=clock.now()).id
    session.commit()
    administrator = sit_down(visitor(width=width, language=language), session, Role.ADMINISTRATOR, clock)
    for path in (
        "/petugas/",
        "/admin/layanan",
        f"/admin/layanan/{offering}/ubah",
        f"/admin/jadwal/{offering}",
        f"/admin/jadwal/{offering}/ubah",
        f"/admin/hari/{offering}",
        f"/admin/hari/kuota/{day}",
        f"/admin/hari/tutup/{day}",
        f"/admin/hari/terdampak/{day}",
        f"/admin/hari/buka/{day}",
        "/admin/libur",
        f"/admin/libur/{holiday}/hapus",
        "/admin/pesan",
        f"/admin/pesan/{message}",
        "/admin/jejak",
        "/admin/petugas",
        "/admin/petugas/undang",
        *(f"/admin/petugas/{colleague}{act}" for act in ("", "/kata-sandi", "/kode-masuk", "/aktifkan")),
        "/petugas/akun",
        "/petugas/akun/kata-sandi",
        "/petugas/akun/perangkat-lain",
        "/petugas/akun/kode-masuk",
        "/petugas/akun/kode-cadangan",
        "/petugas/undangan/tidak-ada",
        f"/admin/petugas/{colleague}/nonaktifkan",
        "/admin/penutupan",
        f"/admin/hari/tutup/{day}",
        "/meja/telepon",
        "/meja/kedatangan",
    ):
        administrator.open(path)
        administrator.judge(refused=404 if path.endswith("tidak-ada") else None)
    for path, field in (
        (f"/admin/jadwal/{offering}/ubah", "Nama jadwal"),
        (f"/admin/hari/kuota/{day}", "Kuota baru"),
    ):
        administrator.open(path)
        administrator.field(field).fill("12")
        administrator.button("Lihat dampaknya").last.click()
        administrator.page.locator("[name=step][value=confirm]").first.wait_for(state="attached")
        administrator.judge()
    officer = sit_down(visitor(width=width, language=language), session, Role.DESK, clock)
    for path in ("/petugas/", "/meja/pindai", "/meja/kedatangan", "/meja/kedatangan?tanggal=2026-11-24"):
        officer.open(path)
        officer.judge()
    officer.open("/admin/petugas")
    officer.judge(refused=403)


def test_logging_in_at_every_width(visitor: OpenBrowser) -> None:
    for width in (360, 1280):
        somebody_else = visitor(width=width)
        somebody_else.open("/meja/pindai")
        somebody_else.field("Nama pengguna").fill("sri.desk")
        somebody_else.field("Kata sandi").fill("bukan kata sandinya")
        somebody_else.button("Masuk").click()
        somebody_else.page.locator(".govuk-error-summary").wait_for()
        somebody_else.judge(refused=422)
        somebody_else.judge_refusal()


def _makes_the_first_account(administrator: Visitor, app: Flask, clock: FixedClock) -> None:
    link = f"/petugas/admin-pertama/{app.extensions['keyring'].first_administrator_token()}"
    administrator.open(link)
    administrator.judge()
    administrator.field("Nama lengkap").fill("Budi Santoso")
    administrator.field("Nama pengguna").fill("budi.santoso")
    administrator.field("Kata sandi").fill(PASSWORD)
    administrator.field("Ulangi kata sandi").fill("bukan yang sama")
    administrator.button("Buat akun dan masuk").click()
    administrator.page.locator(".govuk-error-summary").wait_for()
    administrator.judge_refusal("repeat")
    administrator.judge(refused=422)
    expect(administrator.field("Nama pengguna")).to_have_value("budi.santoso")
    administrator.field("Kata sandi").fill(PASSWORD)
    administrator.field("Ulangi kata sandi").fill(PASSWORD)
    administrator.button("Buat akun dan masuk").click()
    administrator.page.wait_for_url("**/petugas/akun/kode-masuk**")
    administrator.judge()
    enrol_on_the_page(administrator, clock)
    administrator.page.wait_for_url("**/petugas/")
    administrator.judge()
    administrator.open(link)
    assert administrator.reads("Halaman tidak ditemukan")
    administrator.judge(refused=404)


def _opens_a_day(administrator: Visitor, day: str, action: str) -> None:
    administrator.open("/admin/layanan")
    administrator.link(f"Hari dan kuota – {SERVICE_NAME['id']}").click()
    administrator.page.get_by_role("row", name=day).get_by_role("link", name=action).click()


def _changes_the_quota_of_friday(administrator: Visitor) -> None:
    _opens_a_day(administrator, "Jum 27 Nov", "Kuota")
    administrator.field("Kuota baru").fill("31")
    administrator.button("Lihat dampaknya").click()
    administrator.page.get_by_role("heading", name=re.compile("Kuota 50 menjadi 31")).wait_for()
    administrator.button("Ubah kuota").click()
    administrator.page.locator(".govuk-error-summary").wait_for()
    administrator.judge_refusal("reason")
    administrator.judge(refused=422)
    administrator.field("Alasan").fill(QUOTA_REASON)
    administrator.button("Ubah kuota").click()
    administrator.page.get_by_text("Kuota diubah. Warga melihatnya sekarang juga.").wait_for()


def _closes_thursday(administrator: Visitor) -> None:
    _opens_a_day(administrator, "Kam 26 Nov", "Tutup")
    administrator.field("Alasan, dibaca warga").fill(CLOSED_BECAUSE)
    administrator.button("Lihat siapa yang terdampak").click()
    administrator.page.get_by_text("Satu orang sudah memesan dan terdampak.").wait_for()
    administrator.button("Ya, tutup: satu orang harus ditelepon").click()
    administrator.page.get_by_text("Ditutup. Tidak ada yang dapat memesan lagi;").wait_for()
    administrator.judge()


def _sees_both(citizen: Visitor) -> None:
    citizen.open(f"{SERVICE}/data")
    assert citizen.reads("Anda baru memesan")
    citizen.judge()
    citizen.link("Pesan untuk orang lain").click()
    type_details(citizen, somebody())
    send_details(citizen)
    thursday = citizen.page.locator(".day-list__item", has_text="Kamis, 26 November 2026")
    expect(thursday).to_contain_text(f"Tutup: {CLOSED_BECAUSE}")
    expect(thursday.get_by_role("link")).to_have_count(0)
    expect(citizen.page.locator(".day-list__item", has_text="Jumat, 27 November 2026")).to_contain_text("31 tempat")
    citizen.judge()


def _logs_out(staff: Visitor) -> None:
    staff.button("Keluar").click()
    assert staff.reads("Anda sudah keluar.")
    staff.judge()
    staff.page.go_back()
    staff.field("Nama pengguna").wait_for()
    assert QUOTA_REASON not in staff.page.content()
    staff.open("/admin/jejak")
    staff.field("Nama pengguna").wait_for()
    assert "/petugas/masuk?" in staff.page.url
