"""What staff do, step by step: log in, scan, and the tickets that the tests hand them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Flask
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


def log_in(visitor: Visitor, username: str) -> None:
    visitor.field("Nama pengguna").fill(username)
    visitor.field("Kata sandi").fill(PASSWORD)
    visitor.button("Masuk").click()
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
