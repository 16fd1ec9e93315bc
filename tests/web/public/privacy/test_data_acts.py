"""What people do with their own data: copy, correct, delete, suspend; each is a request that is answered."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.booking import TicketState
from queue_app.models import AuditEntry, Booking, DataRequest
from queue_app.queries.booking.contacts import contact_of
from tests.web.citizen import Citizen, text_of


def answered(session: Session) -> list[tuple[str, str, str]]:
    session.rollback()
    rows = session.scalars(select(DataRequest).order_by(DataRequest.id))
    return [(str(row.kind), str(row.state), str(row.proof)) for row in rows]


def test_the_copy_for_programs(inside: Citizen, page: str, session: Session) -> None:
    answer = inside.get(f"{page}/salinan/json")
    assert answer.is_streamed
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-saya.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    copy = json.loads(answer.text)
    assert copy["person"]["name"] == "Siti Wahyuni"
    assert re.fullmatch(r"3314 •••• •••• \d{4}", copy["person"]["nik_masked"])
    assert copy["contact"] == {"phone": "+6281234567890", "email": "siti@contoh.id"}
    assert [ticket["number"] for ticket in copy["tickets"]] == ["A-001"]
    assert {event["what"] for event in copy["history"]} >= {"ticket.booked", "data.proved", "data.copied"}
    assert copy["requests"][0]["kind"] == "copy"
    assert answered(session) == [("copy", "done", "contact")]


def test_the_copy_to_read_needs_nothing_else(inside: Citizen, page: str) -> None:
    answer = inside.get(f"{page}/salinan/html")
    assert answer.is_streamed
    assert 'filename="data-saya.html"' in answer.headers["Content-Disposition"]
    assert "Siti Wahyuni" in answer.text
    assert not re.search(r'(?:src|href)="', answer.text)
    assert inside.get(f"{page}/salinan/exe").status_code == 404


def test_names_of_staff_are_in_no_copy(inside: Citizen, page: str, session: Session, booking: Booking) -> None:
    session.rollback()
    entry = {"actor": "staff:7", "action": "booking.contact_shown", "subject": "booking", "subject_id": booking.id}
    session.add(AuditEntry(at=booking.created_at, **entry))
    session.commit()
    assert "Nomor HP dan email Anda dilihat lengkap (petugas kantor)" in text_of(inside.get(page).text)
    copied = inside.get(f"{page}/salinan/json").text
    assert '"staff"' in copied
    assert "staff:7" not in copied


def test_correcting(inside: Citizen, page: str, session: Session, booking: Booking, keyring: FileKeyring) -> None:
    wrong = inside.post(f"{page}/perbaiki", name="Siti Wahyuningsih", phone="12", email="")
    assert wrong.status_code == 422
    assert 'value="Siti Wahyuningsih"' in wrong.text
    answer = inside.post(f"{page}/perbaiki", name="Siti Wahyuningsih", phone="0812 1111 2222", email="")
    assert answer.status_code == 303
    assert "Siti Wahyuningsih" in inside.get(page).text
    session.rollback()
    assert contact_of(booking, keyring).phone == "+6281211112222"
    assert contact_of(booking, keyring).email == "siti@contoh.id"
    assert answered(session)[-1] == ("correct", "done", "contact")
    inside.post(f"{page}/perbaiki", name="Siti Wahyuningsih", phone="", email="")
    assert len(answered(session)) == 2  # nothing was changed


def test_deleting(inside: Citizen, page: str, session: Session, booking: Booking, app: Flask) -> None:
    folder = app.extensions["settings"].outbox_folder
    assert list(folder.glob("*.txt"))
    asked = text_of(inside.get(f"{page}/hapus").text)
    assert "Yang tetap ada, dan mengapa" in asked
    assert "tiket yang belum dipakai" in asked
    answer = inside.post(f"{page}/hapus")
    assert answer.location == page.removesuffix("/data")
    said = text_of(inside.get(answer.location).text)
    assert "Data pribadi Anda sudah dihapus." in said
    session.rollback()
    assert booking.tickets[0].state is TicketState.CANCELLED
    assert (booking.phone, booking.email, booking.tickets[0].nik, booking.tickets[0].name) == (None,) * 4
    assert not list(folder.glob("*.txt"))
    assert "Buka data saya" in inside.get(page).text  # the door has closed
    assert answered(session)[-1] == ("delete", "done", "contact")


def test_suspending_and_taking_it_back(inside: Citizen, page: str, session: Session, booking: Booking) -> None:
    assert inside.post(f"{page}/tunda").status_code == 303
    session.rollback()
    assert booking.suspended_at is not None
    assert "Pemakaian data ini ditunda sejak" in text_of(inside.get(page).text)
    inside.post(f"{page}/lanjutkan")
    session.rollback()
    assert booking.suspended_at is None
    assert [kind for kind, *_rest in answered(session)] == ["copy", "suspend", "resume"]


def test_a_suspended_booking_gets_no_message_but_a_code(
    inside: Citizen, page: str, session: Session, booking: Booking, clock, letters
) -> None:
    inside.post(f"{page}/tunda")
    inside.post(f"{page}/perbaiki", name="Siti W", phone="", email="")  # would send the ticket again
    clock.advance(minutes=10)
    inside.post(f"{page}/kode")
    assert len(letters()) == 2


@pytest.mark.parametrize("act", ["tunda", "lanjutkan", "hapus", "perbaiki"])
def test_nobody_outside_does_any_of_it(citizen: Citizen, page: str, act: str, session: Session) -> None:
    assert citizen.post(f"{page}/{act}", name="Lain").location == page
    assert answered(session) == []


def test_a_form_of_another_site_does_none_of_it(inside: Citizen, page: str, session: Session) -> None:
    client: FlaskClient = inside.client
    for act in ("tunda", "hapus"):
        client.post(f"{page}/{act}")
    assert [kind for kind, *_rest in answered(session)] == ["copy"]
