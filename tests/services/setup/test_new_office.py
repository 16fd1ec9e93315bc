"""A further office, and who answers for it."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Role
from queue_app.domain.setup import DayHours, InvalidSetup, windows_of_week
from queue_app.models import AuditEntry, Office, OfficeService, Slot, Staff, StaffAssignment
from queue_app.queries.access.staff import administrators_of_every_office
from queue_app.queries.texts.messages import own_text
from queue_app.services.calendar.days import make_days
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from queue_app.services.setup.copying import copy_office
from queue_app.services.setup.offices import NewOffice, create_office
from queue_app.services.setup.plan import describe
from queue_app.services.texts.messages import word_message
from tests.harness.factories import TESTER, make_offering, make_office, make_service
from tests.harness.fakes import MONDAY_MORNING

WIT = "Asia/Jayapura"
BODY = "{nomor} ({kode}) pada {hari} dibatalkan."


def create(session: Session, name: str = "Disdukcapil Kota Jayapura", zone: str = WIT) -> Office:
    return create_office(session, NewOffice(name, zone), actor=TESTER, now=MONDAY_MORNING)


def administrator(session: Session, username: str, *offices: Office) -> Staff:
    staff = Staff(username=username, name=username, password_hash="-", created_at=MONDAY_MORNING)
    staff.assignments = [StaffAssignment(office_id=office.id, role=Role.ADMINISTRATOR) for office in offices]
    session.add(staff)
    session.flush()
    return staff


def test_it_has_an_address_a_zone_and_the_last_place_in_the_list(session: Session) -> None:
    first, second = create(session), create(session, "Titik Layanan Abepura")
    assert (first.slug, first.time_zone, first.position) == ("disdukcapil-kota-jayapura", WIT, 0)
    assert second.position == 1
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "office.created")).first()
    assert entry is not None
    assert entry.after == {"name": first.name, "time_zone": WIT, "administrators": 0}


def test_whoever_answered_for_all_offices_answers_for_the_new_one(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    of_all, of_one = administrator(session, "semua", here, there), administrator(session, "satu", here)
    new = create(session)
    assigned = select(StaffAssignment.staff_id).where(StaffAssignment.office_id == new.id)
    assert session.scalars(assigned).all() == [of_all.id]
    assert administrators_of_every_office(session) == [of_all.id]
    assert of_one.id not in administrators_of_every_office(session)


@pytest.mark.parametrize(
    ("name", "zone", "why"),
    [
        ("Kantor 3314990101010001", WIT, "personal"),
        ("??", WIT, "name"),
        ("Petugas", WIT, "name_taken"),
        ("Kantor", "Asia/Tokyo", "zone"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, name: str, zone: str, why: str) -> None:
    with pytest.raises(InvalidSetup) as refused:
        create(session, name, zone)
    assert refused.value.details["reason"] == why


def test_two_offices_cannot_have_one_address(session: Session) -> None:
    create(session)
    with pytest.raises(InvalidSetup) as refused:
        create(session, "DISDUKCAPIL  kota Jayapura!")
    assert refused.value.details["reason"] == "name_taken"


def test_a_service_point_takes_over_services_texts_and_hours_in_its_own_zone(session: Session) -> None:
    source = make_office(session, "induk")
    make_offering(session, source, make_service(session), now=MONDAY_MORNING, hours=(8, 9), letter="K", capacity=3)
    spoken = MessageKind.CANCELLED, "id"
    word_message(session, source.id, *spoken, subject="Batal", body=BODY, actor=TESTER, now=MONDAY_MORNING)
    target = create(session)
    assert copy_office(session, source.id, target.id, actor=TESTER, now=MONDAY_MORNING) == 1
    copied = session.scalars(select(OfficeService).where(OfficeService.office_id == target.id)).one()
    own = own_text(session, target.id, *spoken)
    assert own
    assert own.body == BODY
    assert (copied.letter, copied.requirements_id) == ("K", "Fotokopi KK")
    slots = session.scalars(select(Slot).where(Slot.office_id == target.id).order_by(Slot.starts_at)).all()
    assert len(slots) > 20
    assert {slot.starts_at.hour for slot in slots} == {23, 0}  # 08.00 and 09.00 WIT in UTC
    assert {slot.capacity for slot in slots} == {3}


def test_hours_for_a_time_come_along_with_their_end_and_with_the_usual_ones(session: Session) -> None:
    source = make_office(session, "induk")
    given = make_offering(session, source, make_service(session), now=MONDAY_MORNING, hours=(8, 9), capacity=3)
    today = office_date(MONDAY_MORNING, source.time_zone)
    begins, ends = today + timedelta(days=1), today + timedelta(days=4)
    by = {"actor": TESTER, "now": MONDAY_MORNING}
    for name, since, until, hour in (("Ramadan", begins, ends, 10), ("Baru", today + timedelta(days=21), None, 11)):
        week = windows_of_week([DayHours(day, time(hour), time(hour + 1)) for day in range(7)], 60, 2)
        set_schedule(session, given.id, NewSchedule(name, since, until, week), reason="Surat edaran", **by)
    later = MONDAY_MORNING + timedelta(days=2)  # Ramadan goes on
    target = create_office(session, NewOffice("Titik Layanan Abepura", "Asia/Jakarta"), actor=TESTER, now=later)
    copy_office(session, source.id, target.id, actor=TESTER, now=later)

    def hours_of(office: Office) -> dict[date, set[int]]:
        found: dict[date, set[int]] = {}
        ahead = Slot.office_id == office.id, Slot.day >= office_date(later, office.time_zone), Slot.capacity > 0
        for slot in session.scalars(select(Slot).where(*ahead)):
            found.setdefault(slot.day, set()).add(slot.starts_at.hour + 7)
        return found

    make_days(session, given, now=later)
    session.flush()
    assert hours_of(target) == hours_of(source)
    assert hours_of(target)[ends] == {10}
    assert set(map(frozenset, hours_of(target).values())) >= {frozenset({10}), frozenset({8, 9})}
    (told,) = [office for office in describe(session, now=later).offices if office.name == source.name]
    usual = {window.starts_at.hour for window in told.services[0].windows}
    assert usual == {8, 9}  # what a set-up file holds is the usual week
