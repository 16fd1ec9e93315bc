"""What staff do, step by step: log in, scan, and the tickets that the tests hand them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyotp
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Role
from queue_app.models import Booking, Office, OfficeService, Service, Slot, StaffAssignment
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.factories import PASSWORD, make_booking, make_staff, slots_of
from tests.harness.fakes import FixedClock
from tests.journeys.scanner import Scanner
from tests.journeys.visitor import Visitor


def log_in(visitor: Visitor, username: str, secret: str = "", clock: FixedClock | None = None) -> None:
    """With a ``secret`` by a code as well."""
    visitor.field("Nama pengguna").fill(username)
    visitor.field("Kata sandi").fill(PASSWORD)
    visitor.button("Masuk").click()
    if secret and clock:
        visitor.field("Kode").fill(pyotp.TOTP(secret).at(clock.now()))
        visitor.button("Masuk").click()
    visitor.button("Keluar").wait_for()


def enrol_on_the_page(visitor: Visitor, clock: FixedClock) -> str:
    """From the page that comes first to the recovery codes; the secret that an authenticator has now."""
    visitor.button("Mulai").click()
    secret = visitor.page.locator(".secret-text").inner_text().replace(" ", "")
    visitor.judge()
    visitor.field("Kode dari aplikasi").fill(pyotp.TOTP(secret).at(clock.now()))
    visitor.button("Pasang").click()
    expect(visitor.page.locator(".recovery__codes li")).to_have_count(10)
    visitor.judge()
    visitor.button("Sudah saya simpan, lanjut").click()
    return secret


def invites(administrator: Visitor, role: str) -> str:
    """The link that is shown once."""
    administrator.open("/admin/petugas")
    administrator.button("Undang petugas").click()
    administrator.field("Nama lengkap").fill("Sri Lestari")
    administrator.page.get_by_label(role).check()
    administrator.button("Buat tautan undangan").click()
    link = administrator.field("Tautan satu kali pakai").input_value()
    administrator.judge()
    return link


def accepts(visitor: Visitor, link: str, username: str) -> None:
    visitor.page.goto(link)
    visitor.field("Nama pengguna").fill(username)
    visitor.field("Kata sandi").fill(PASSWORD)
    visitor.field("Ulangi kata sandi").fill(PASSWORD)
    visitor.judge()
    visitor.button("Buat akun dan masuk").click()
    visitor.button("Keluar").wait_for()


def sit_down(visitor: Visitor, session: Session, role: Role, clock: FixedClock) -> Visitor:
    """With an account of that role in Sragen, administrators at every office; logged in already."""
    session.rollback()
    offices = session.scalars(select(Office).order_by(Office.position)).all()
    staff = make_staff(session, offices[0], role, now=clock.now(), keyring=visitor.keyring)
    if role is Role.ADMINISTRATOR:
        staff.assignments += [StaffAssignment(office_id=office.id, role=role) for office in offices[1:]]
    session.flush()
    token = start_session(session, staff.id, now=clock.now())
    session.commit()
    visitor.page.context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": visitor.address}])
    return visitor


def offering_at(session: Session, office: str = "sragen", code: str = "KTP_REKAM") -> OfficeService:
    return session.scalars(
        select(OfficeService).join(Office).join(Service).where(Office.slug == office, Service.code == code)
    ).one()


def hours_of(session: Session, day: date, office: str = "sragen") -> Sequence[Slot]:
    session.rollback()
    return slots_of(session, offering_at(session, office), day)


def booked(session: Session, slot: Slot, keyring: Keyring) -> Booking:
    booking = make_booking(session, slot.id, keyring=keyring)
    session.commit()
    return booking


def token_of(booking: Booking, app: Flask) -> str:
    token: str = app.extensions["keyring"].ticket_token(booking.tickets[0].id)
    return token


def scan(officer: Visitor, code: str, *, delay: float = 2) -> None:
    """As a USB scanner does it: types fast (``delay`` in ms), presses Enter, and does not look where the focus is."""
    Scanner(officer.page, pace=delay).scan(code)


def answer_on(officer: Visitor) -> tuple[str, str]:
    """The word, and the colour of the whole screen as its class says it."""
    classes = (officer.page.locator("body").get_attribute("class") or "").split()
    (tone,) = (name.removeprefix("scanning--") for name in classes if name.startswith("scanning--"))
    return officer.page.locator("[data-place=word]").inner_text(), tone
