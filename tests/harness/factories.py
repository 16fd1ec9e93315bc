"""Make the things that tests need: offices, services with days, applicants, bookings, staff."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyotp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.accounts import needs_second_factor
from queue_app.domain.calendar import Share
from queue_app.domain.identity import Nik, parse_nik
from queue_app.domain.keyring import Keyring, bound_to_account
from queue_app.domain.roles import Actor, Role
from queue_app.models import (
    Booking,
    Office,
    OfficeService,
    Schedule,
    ScheduleWindow,
    SecondFactor,
    Service,
    ServiceDay,
    Slot,
    Staff,
)
from queue_app.services.access import kiosks
from queue_app.services.access.staff import create_staff
from queue_app.services.booking.book import book
from queue_app.services.booking.request import Applicant, BookingRequest
from queue_app.services.calendar.days import make_days
from tests.harness.beginnings import Beginnings

TESTER = Actor.system("tests")
PASSWORD = "kata-sandi-uji-coba"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of everybody's second factor
_serial = itertools.count(1)


def make_office(session: Session, slug: str = "sragen", *, time_zone: str = "Asia/Jakarta") -> Office:
    office = Office(
        slug=slug,
        name=f"Dispendukcapil {slug.title()}",
        region_code="33.14",
        region_name=f"Kabupaten {slug.title()}",
        address="Jl. Raya Sukowati 255",
        map_url="https://www.openstreetmap.org/?mlat=-7.43&mlon=111.02",
        phone=None,
        time_zone=time_zone,
    )
    session.add(office)
    session.flush()
    return office


def make_service(session: Session, code: str = "KTP_REKAM", *, asks_recorded_before: bool = True) -> Service:
    service = Service(
        code=code,
        slug=code.lower().replace("_", "-"),
        name_id="Perekaman KTP-el" if code == "KTP_REKAM" else f"Layanan {code}",
        name_en="Biometric recording" if code == "KTP_REKAM" else f"Service {code}",
        summary_id="Rekam foto, sidik jari, iris, dan tanda tangan.",
        summary_en="Photo, fingerprints, iris and signature are taken.",
        asks_recorded_before=asks_recorded_before,
    )
    session.add(service)
    session.flush()
    return service


def make_offering(
    session: Session,
    office: Office | None = None,
    service: Service | None = None,
    *,
    now: datetime,
    capacity: int = 2,
    hours: tuple[int, ...] = (8, 9),
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
    letter: str = "A",
    share: Share = Share.PUBLIC,
    kept: Mapping[Share, int] | None = None,
    days: bool = True,
    **rules: object,
) -> OfficeService:
    """A service at an office with hourly windows on weekdays, and its days made. The caller commits.

    ``kept``: places of other shares in each window.
    """
    office = office or session.scalars(select(Office)).first() or make_office(session)
    service = service or session.scalars(select(Service)).first() or make_service(session)
    offering = OfficeService(
        office_id=office.id,
        service_id=service.id,
        letter=letter,
        who_id="Warga berusia 17 tahun ke atas",
        who_en="Residents of 17 and older",
        requirements_id="Fotokopi KK",
        requirements_en="Copy of the family card",
        **rules,
    )
    session.add(offering)
    session.flush()
    schedule = Schedule(
        office_service_id=offering.id,
        name="Biasa",
        valid_from=date(2020, 1, 1),
        valid_until=None,
        created_at=now,
    )
    schedule.windows = [
        ScheduleWindow(weekday=day, starts_at=time(hour), ends_at=time(hour + 1), share=of_share, capacity=places)
        for day in weekdays
        for hour in hours
        for of_share, places in {share: capacity, **(kept or {})}.items()
    ]
    session.add(schedule)
    session.flush()
    if days:
        make_days(session, offering, now=now)
    return offering


def begin_offering(session: Session, beginnings: Beginnings, **wanted: Any) -> OfficeService:
    """As `make_offering` makes it, committed."""
    name = f"offering {sorted(wanted.items())}"
    (offering,) = beginnings.begin(session, name, lambda: (make_offering(session, **wanted),))
    return offering


def slots_of(session: Session, offering: OfficeService, day: date) -> list[Slot]:
    return list(
        session.scalars(
            select(Slot)
            .join(ServiceDay, ServiceDay.id == Slot.service_day_id)
            .where(Slot.office_id == offering.office_id, Slot.service_id == offering.service_id, Slot.day == day)
            .order_by(Slot.starts_at, Slot.share)
            .execution_options(populate_existing=True)
        )
    )


def give_places(session: Session, places: int, *shares: Share) -> None:
    """Let every window of these shares have so many places, as if the schedule had always said so."""
    session.execute(update(ScheduleWindow).where(ScheduleWindow.share.in_(shares)).values(capacity=places))
    session.execute(update(Slot).where(Slot.share.in_(shares)).values(planned=places, capacity=places))


def make_nik(serial: int | None = None, *, born: date = date(2005, 3, 17), female: bool = False) -> Nik:
    """A synthetic NIK (kecamatan 99) that no person has. 9,999 for each birth date, then the next day's."""
    serial = next(_serial) if serial is None else serial
    born = born + timedelta(days=serial // 9999)
    day = born.day + (40 if female else 0)
    return parse_nik(f"331499{day:02d}{born:%m%y}{serial % 9999 + 1:04d}")


def make_applicant(serial: int | None = None, *, name: str = "Siti Wahyuni") -> Applicant:
    return Applicant(name=name, nik=make_nik(serial))


def make_request(
    slot_id: int,
    *applicants: Applicant,
    phone: str | None = "+6281234567890",
    email: str | None = None,
    language: str = "id",
    request_key: str | None = None,
    share: Share = Share.PUBLIC,
) -> BookingRequest:
    return BookingRequest(
        slot_id=slot_id,
        applicants=applicants or (make_applicant(),),
        phone=phone,
        email=email,
        language=language,
        request_key=request_key or secrets.token_urlsafe(16),
        share=share,
    )


def make_booking(
    session: Session,
    slot_id: int,
    *applicants: Applicant,
    keyring: Keyring,
    now: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC),
    **request: object,
) -> Booking:
    wanted = make_request(slot_id, *applicants, **request)  # type: ignore[arg-type]
    session.flush()  # booking itself speaks to the database past the session
    return session.get_one(Booking, book(session, wanted, keyring=keyring, now=now).booking_id)


def make_staff(
    session: Session,
    office: Office,
    role: Role,
    *,
    now: datetime,
    username: str | None = None,
    keyring: Keyring | None = None,
) -> Staff:
    """Somebody with PASSWORD as password; with a ``keyring`` enrolled where the role asks for it."""
    staff = create_staff(
        session,
        username=username or f"{role}.{office.slug}",
        name=f"Petugas {role}",
        password=PASSWORD,
        role=role,
        office_ids=[office.id],
        actor=TESTER,
        now=now,
    )
    if keyring:
        enrol(session, staff, keyring, now=now)
    return staff


def enrol(session: Session, staff: Staff, keyring: Keyring, *, now: datetime, optional: bool = False) -> None:
    """The second factor with SECRET, on since ``now``, for those who must have one; ``optional``: for anybody."""
    if optional or needs_second_factor(one.role for one in staff.assignments):
        session.flush()
        secret = keyring.seal(SECRET, bound_to=bound_to_account(staff.id, "secret"))
        session.add(SecondFactor(staff_id=staff.id, secret=secret, on_since=now))


def time_code(now: datetime) -> str:
    """What an authenticator with SECRET shows."""
    return pyotp.TOTP(SECRET).at(now)


def make_kiosk(session: Session, office: Office, *, now: datetime, locked: bool = False) -> str:
    """An enrolled kiosk; the token of its cookie."""
    who = {"office_id": office.id, "actor": TESTER, "now": now}
    device, code = kiosks.create_device(session, name="Pintu masuk", **who)
    token = kiosks.enrol(session, office.slug, code, now=now)
    if locked:
        kiosks.lock(session, device.id, reason="Perangkat hilang", **who)
    return token
