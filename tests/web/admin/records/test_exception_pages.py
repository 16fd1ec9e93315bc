"""The report of a day that was out of the ordinary: from what people did to the line, and no one's data in it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Actor, Role
from queue_app.domain.tickets import show_code
from queue_app.models import AuditEntry, Booking, Ticket
from queue_app.services.booking import change
from queue_app.services.records import audit
from tests.harness.at_counters import arrive, officer_at, open_counter
from tests.harness.factories import make_applicant, make_booking
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World
from tests.web.citizen import text_of

PAGE = f"/admin/kejanggalan?hari={TODAY.isoformat()}"
PHONE = "+6281234500001"


@pytest.fixture
def brokered(world: World) -> Booking:
    """A place that is given up, and booked two minutes later for somebody else with the same telephone."""
    sold = world.book(TOMORROW)
    change.cancel(world.session, sold.id, now=MONDAY_MORNING)
    who = {"keyring": world.keyring, "now": MONDAY_MORNING + timedelta(minutes=2), "phone": _phone_of(world)}
    bought = make_booking(world.session, sold.tickets[0].slot_id, make_applicant(name="Budi Santoso"), **who)
    world.session.commit()
    return bought


def _phone_of(world: World) -> str:
    from queue_app.queries.booking.contacts import contact_of

    first = world.session.scalars(select(Booking)).first()
    return str(contact_of(first, world.keyring).phone)


def test_a_brokered_place_is_a_line_without_anybody_in_it(
    administrator: Visitor, world: World, brokered: Booking
) -> None:
    page = administrator.get(PAGE)
    said = text_of(page.text)
    assert "Tempat dilepas lalu langsung diambil untuk orang lain 1" in said
    assert "dilepas, lalu diambil 120 detik kemudian" in said
    assert f"/meja/orang/{brokered.tickets[0].id}" in page.text
    for secret in ("Santoso", "Siti", _phone_of(world), _phone_of(world).removeprefix("+62"), "3314"):
        assert secret not in said


def test_an_auditor_is_led_to_the_log(visitor: Visitor, world: World, brokered: Booking) -> None:
    visitor.sign_in(world, world.staff(Role.AUDITOR))
    page = visitor.get(PAGE).text
    assert "/meja/orang/" not in page
    assert "/admin/jejak/" in page


def test_acts_of_staff_come_with_their_reasons(administrator: Visitor, world: World) -> None:
    officer = world.staff(Role.DESK)
    ticket = world.book().tickets[0]
    by = {"actor": Actor.staff(officer.id), "now": MONDAY_MORNING, "office_id": world.here.id}
    session = world.afresh()
    audit.record(session, "slot.extra_place", "slot", ticket.slot_id, reason="Alat rusak kemarin", **by)
    audit.record(session, "visit.in_service", "visit", ticket.id, after={"step": "out_of_order"}, reason="Sakit", **by)
    audit.record(session, "visit.in_service", "visit", ticket.id, after={"step": "start"}, reason="Giliran", **by)
    audit.record(session, "booking.contact_shown", "booking", ticket.booking_id, after={"purpose": "reach"}, **by)
    night = {**by, "now": MONDAY_MORNING + timedelta(hours=12)}
    audit.record(session, "staff.logged_in", "staff", officer.id, **night)
    audit.record(session, "staff.logged_in", "staff", officer.id, **by)
    session.commit()
    said = text_of(administrator.get(PAGE).text)
    for kind in ("Tempat di luar kuota 1", "Urutan panggilan diubah 1", "tidak biasa 1", "Data pribadi dibuka 1"):
        assert kind in said
    assert "Alat rusak kemarin" in said
    assert "Sakit" in said
    assert "menghubungi orangnya" in said
    assert "Giliran" not in said


def test_numbers_that_were_waved_through(administrator: Visitor, world: World) -> None:
    """All keys are pressed in one moment; two such visits are none to tell of."""
    visitor = Visitor(administrator.client.application.test_client())
    officer = officer_at(world, visitor, open_counter(world))
    tickets = []
    for number, hour in enumerate((8, 9, 9)):
        tickets.append(arrive(world, hour=hour))
        officer.presses("p", "m")
        assert officer.press("s", outcome="done").status_code == 303
        said = text_of(administrator.get(PAGE).text)
        assert ("Selesai dilayani dalam sekejap 1" in said) is (number == 2)
    assert "3 kunjungan, selesai dalam 0 sampai 0 detik" in said
    assert "Budi counter" in said
    taken = administrator.post(f"/admin/kejanggalan/unduh/csv?hari={TODAY.isoformat()}")
    (row,) = [one for one in csv.reader(io.StringIO(taken.text)) if one[0] == "Selesai dilayani dalam sekejap"]
    codes = [show_code(world.session.get_one(Ticket, ticket.id).booking.code) for ticket in tickets]
    assert sorted(row[3].split(", ")) == sorted(codes)
    assert "Siti" not in taken.text


def test_the_report_is_taken_away_and_that_is_written_down(
    administrator: Visitor, world: World, brokered: Booking
) -> None:
    taken = administrator.post(f"/admin/kejanggalan/unduh/csv?hari={TODAY.isoformat()}")
    _heading, row = csv.reader(io.StringIO(taken.text.removeprefix("\ufeff")))
    assert row[0] == "Tempat dilepas lalu langsung diambil untuk orang lain"
    assert administrator.post("/admin/kejanggalan/unduh/xlsx").data.startswith(b"PK")
    assert administrator.post("/admin/kejanggalan/unduh/pdf").status_code == 404
    query = select(AuditEntry.after).where(AuditEntry.action == "exceptions.exported").order_by(AuditEntry.id)
    first = world.afresh().scalars(query).first()
    assert first == {"format": "csv", "rows": 1, "date": TODAY.isoformat()}


def test_the_start_page_tells_of_yesterday(administrator: Visitor, world: World) -> None:
    assert "tidak biasa." not in text_of(administrator.get("/petugas/").text)
    officer = world.staff(Role.DESK)
    yesterday = {"actor": Actor.staff(officer.id), "now": MONDAY_MORNING - timedelta(days=1)}
    audit.record(world.afresh(), "staff.logged_in", "staff", officer.id, office_id=world.here.id, **yesterday)
    audit.record(world.session, "booking.contact_shown", "booking", 1, office_id=world.here.id, **yesterday)
    world.session.commit()
    assert "Kemarin ada satu hal yang tidak biasa." in text_of(administrator.get("/petugas/").text)
    assert "Data pribadi dibuka 1" in text_of(administrator.get("/admin/kejanggalan").text)
    desk = Visitor(administrator.client.application.test_client()).sign_in(world, officer)
    assert "tidak biasa." not in text_of(desk.get("/petugas/").text)
    assert desk.get("/admin/kejanggalan").status_code == 403


@pytest.mark.parametrize("day", ["x", "2099-01-01", "0001-01-01", ""])
def test_a_bent_day_is_one_that_has_been(administrator: Visitor, day: str) -> None:
    assert administrator.get(f"/admin/kejanggalan?hari={day}").status_code == 200
