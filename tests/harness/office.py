"""Two offices with people in them, and a visitor that logs in as staff and fills in forms like a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Role
from queue_app.models import Booking, Office, OfficeService, ServiceDay, Slot, Staff, StaffAssignment
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.beginnings import Beginnings
from tests.harness.factories import (
    enrol,
    make_applicant,
    make_booking,
    make_offering,
    make_office,
    make_service,
    slots_of,
)
from tests.harness.fakes import MONDAY_MORNING

TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(days=1)
NEXT_MONDAY = TODAY + timedelta(days=7)
LAST_WEEK = MONDAY_MORNING - timedelta(days=5)  # when people booked for today
NONCE = "nonce-of-sixteen-letters"


@dataclass(frozen=True)
class World:
    """Office "here" and office "there", each giving the same service at 8, 9 and 13 o'clock from Monday to Friday."""

    session: Session
    keyring: Keyring
    here: Office
    there: Office
    offering: OfficeService
    offering_there: OfficeService

    def afresh(self) -> Session:
        """The session with what requests have committed meanwhile."""
        self.session.rollback()
        return self.session

    def slot(self, day: date = TODAY, hour: int = 9, offering: OfficeService | None = None) -> Slot:
        slots = slots_of(self.afresh(), offering or self.offering, day)
        return next(slot for slot in slots if slot.starts_at.hour + 7 == hour)

    def day(self, day: date = TOMORROW, offering: OfficeService | None = None) -> ServiceDay:
        offering = offering or self.offering
        found = (
            self.afresh()
            .scalars(
                select(ServiceDay)
                .where(ServiceDay.office_id == offering.office_id, ServiceDay.day == day)
                .execution_options(populate_existing=True)
            )
            .one()
        )
        return found

    def book(
        self, day: date = TODAY, hour: int = 9, *, offering: OfficeService | None = None, name: str = "Siti Wahyuni"
    ) -> Booking:
        slot = self.slot(day, hour, offering)
        booking = make_booking(self.session, slot.id, make_applicant(name=name), keyring=self.keyring, now=LAST_WEEK)
        self.session.commit()
        return booking

    def token(self, booking: Booking) -> str:
        return self.keyring.ticket_token(booking.tickets[0].id)

    def staff(self, role: Role, office: Office | None = None, *others: Office) -> Staff:
        """An account without a usable password: making a real hash for each test would take most of its time."""
        self.afresh()
        offices = [office or self.here, *others]
        username = f"{role}.{offices[0].slug}.{len(offices)}"
        if found := self.afresh().scalars(select(Staff).where(Staff.username == username)).one_or_none():
            return found
        staff = Staff(username=username, name=f"Budi {role}", password_hash="-", created_at=LAST_WEEK)
        staff.assignments = [StaffAssignment(office_id=office.id, role=role) for office in offices]
        self.session.add(staff)
        enrol(self.session, staff, self.keyring, now=LAST_WEEK)
        self.session.commit()
        return staff


def make_world(session: Session, keyring: Keyring) -> World:
    made = _make_offices(session)
    session.commit()
    return World(session, keyring, *made)


def begin_world(session: Session, keyring: Keyring, beginnings: Beginnings) -> World:
    return World(session, keyring, *beginnings.begin(session, "world", lambda: _make_offices(session)))


def _make_offices(session: Session) -> tuple[Office, Office, OfficeService, OfficeService]:
    here, there = make_office(session, "sragen"), make_office(session, "gemolong")
    service = make_service(session)
    hours = (8, 9, 13)
    offering = make_offering(session, here, service, now=LAST_WEEK, hours=hours)
    offering_there = make_offering(session, there, service, now=LAST_WEEK, hours=hours)
    return here, there, offering, offering_there


class Visitor:
    """A browser of the staff: keeps cookies and the form token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token, self._session = "", ""

    def sign_in(self, world: World, staff: Staff, *, now: datetime = MONDAY_MORNING) -> Visitor:
        token = start_session(world.afresh(), staff.id, now=now)
        world.session.commit()
        self.client.set_cookie(STAFF_COOKIE, token)
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self._known_token(), **(data or {})}, **options)

    def post_json(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        headers = {"X-CSRFToken": self._known_token(), "Accept": "application/json"}
        return self.client.post(path, data=data or {}, headers=headers)

    def _known_token(self) -> str:
        """Of a page opened before, while the session is the same: a page before each form takes as long as the form."""
        session = self.client.get_cookie("queue")
        if session is None or session.value != self._session:
            self._token = self.form_token()
            session = self.client.get_cookie("queue")
            self._session = session.value if session else ""
        return self._token

    def form_token(self) -> str:
        """Of a page that is opened now."""
        page = self.client.get("/tiket-saya").text  # few others are made as quickly
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert found, page
        return found.group(1)


def refusals(response: TestResponse) -> list[str]:
    """The items of the error summary."""
    summary = re.search(r'class="govuk-error-summary".*?</ul>', response.text, re.S)
    items = re.findall(r"<li>\s*(?:<a[^>]*>)?(.*?)(?:</a>)?\s*</li>", summary.group(0), re.S) if summary else []
    return [item.strip() for item in items]
