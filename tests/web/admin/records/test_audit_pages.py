"""The audit log as an auditor works with it: narrowed, checked, taken away, and never with somebody's data in it."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from queue_app.domain.roles import Actor, Role
from queue_app.domain.tickets import show_number
from queue_app.models import ApiKey, AuditEntry, Staff, StaffAssignment
from queue_app.services.access.api_keys import create
from queue_app.services.access.kiosks import create_device
from queue_app.services.records.audit import record, seal_entries
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

PAGE = "/admin/jejak"


@pytest.fixture
def auditor(administrator: Visitor, world: World) -> Visitor:
    """After a change of quota with a reason, and a contact that was looked at."""
    booking = world.book(TOMORROW)
    administrator.post(f"/admin/hari/kuota/{world.day().id}", {"step": "confirm", "quota": 9, "reason": "Alat baru"})
    administrator.post(f"/meja/orang/{booking.tickets[0].id}/kontak", {"untuk": "compare"})
    return Visitor(administrator.client.application.test_client()).sign_in(world, world.staff(Role.AUDITOR))


def lines(page: str) -> list[str]:
    table = page.split("<tbody", 1)[1] if "<tbody" in page else ""
    return [text_of(row) for row in re.findall(r"<tr.*?</tr>", table, re.S)]


def test_filters_combine_and_stand_in_the_address(auditor: Visitor, world: World) -> None:
    administrator = world.afresh().scalars(select(Staff).where(Staff.name == "Budi administrator")).one()
    asked = {"tindakan": "day.", "pelaku": str(administrator.id), "dari": "2026-11-23", "alasan": "alat"}
    sent = auditor.post(PAGE, asked)
    assert (sent.status_code, parse_qs(urlsplit(sent.location).query)) == (303, {k: [v] for k, v in asked.items()})
    (line,) = lines(auditor.get(sent.location).text)
    assert "Kuota satu hari diubah" in line
    assert lines(auditor.get(sent.location.replace("dari=2026-11-23", "dari=2026-11-24")).text) == []


def test_a_kiosk_and_a_partner_are_persons_of_the_filter(auditor: Visitor, world: World) -> None:
    session, by = world.afresh(), {"actor": TESTER, "now": MONDAY_MORNING}
    kiosk, _code = create_device(session, office_id=world.here.id, name="Pintu masuk", **by)
    create(session, name="Desa Sambi", scopes=["bookings:write"], limit_per_minute=None, **by)
    key_id = session.scalars(select(ApiKey.id)).one()
    here = {"office_id": world.here.id, "now": MONDAY_MORNING}
    record(session, "ticket.checked_in", "ticket", 1, actor=Actor.device(kiosk.id), **here)
    record(session, "ticket.cancelled", "ticket", 1, actor=Actor.api_key(key_id), **here)
    session.commit()
    page = auditor.get(PAGE).text
    assert "Kios Pintu masuk" in page
    assert "Mitra Desa Sambi" in page
    (line,) = lines(auditor.get(f"{PAGE}?pelaku=device:{kiosk.id}").text)
    assert "Kehadiran dicatat" in line
    (line,) = lines(auditor.get(f"{PAGE}?pelaku=api-key:{key_id}").text)
    assert "Tiket dibatalkan" in line
    assert len(lines(auditor.get(f"{PAGE}?pelaku=device:99").text)) > 2  # a bent address asks for nothing


def test_who_has_seen_data_is_a_kind_of_its_own(auditor: Visitor) -> None:
    (line,) = lines(auditor.get(f"{PAGE}?tindakan=pembukaan").text)
    assert "Budi administrator" in line
    assert "Kontak ditampilkan" in line
    assert "Untuk: mencocokkan datanya" in line


def test_a_ticket_is_found_by_code_and_by_number(auditor: Visitor, world: World) -> None:
    ticket = world.book(TOMORROW).tickets[0]
    code, number = ticket.booking.code, show_number(ticket.letter, ticket.queue_number)
    for asked in ({"tiket": code.lower()}, {"tiket": number, "dari": TOMORROW.isoformat()}):
        sent = auditor.post(PAGE, asked)
        assert sent.status_code == 303, refusals(sent)
        assert "Tiket dipesan" in text_of(auditor.get(sent.location).text), "it was booked before its day"
    by_code = auditor.get(auditor.post(PAGE, {"tiket": code}).location)
    assert "Tiket dipesan" in text_of(by_code.text)
    assert refusals(auditor.post(PAGE, {"tiket": "A-999"})) != []


@pytest.mark.parametrize(
    "asked",
    [{"tiket": "3314990101900001"}, {"alasan": "NIK 3314990101900001"}, {"alasan": "telepon 081234567890"}],
    ids=str,
)
def test_a_number_of_a_person_comes_into_no_address(auditor: Visitor, asked: dict[str, str]) -> None:
    answer = auditor.post(PAGE, asked)
    assert (answer.status_code, len(refusals(answer)), answer.location) == (422, 1, None)
    assert next(iter(asked.values())) in answer.text, "nothing that was typed is lost"


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"alasan": "ab"}, "Tulis paling sedikit tiga huruf."),
        ({"tiket": "Siti Wahyuni"}, "Tulis kode pemesanan"),
        ({"dari": "2026-11-24", "sampai": "2026-11-23"}, "Tanggal akhir harus sesudah"),
        ({"dari": "1", "sampai": ""}, "Tulis tanggal yang benar."),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_said_at_the_field(auditor: Visitor, asked: dict[str, str], complaint: str) -> None:
    answer = auditor.post(PAGE, asked)
    assert answer.status_code == 422
    assert complaint in refusals(answer)[0]


def test_another_office_only_for_those_who_may_read_it(auditor: Visitor, world: World) -> None:
    world.book(offering=world.offering_there)
    there = f"{PAGE}?kantor={world.there.id}&tindakan=ticket."
    assert len(lines(auditor.get(there).text)) == 1  # one's own office instead
    own = world.afresh().scalars(select(Staff).where(Staff.name == "Budi auditor")).one()
    world.session.add(StaffAssignment(staff_id=own.id, office_id=world.there.id, role=Role.DESK))
    world.session.commit()
    foreign = world.session.scalars(select(AuditEntry.id).where(AuditEntry.office_id == world.there.id)).first()
    assert auditor.get(f"{PAGE}/{foreign}").status_code == 404
    world.session.execute(update(StaffAssignment).where(StaffAssignment.role == Role.DESK).values(role=Role.AUDITOR))
    world.session.commit()
    page = auditor.get(there).text
    assert world.there.name in text_of(page)
    assert len(lines(page)) == 1
    assert auditor.get(f"{PAGE}/{foreign}").status_code == 200


def test_the_seals_are_checked_by_a_press(auditor: Visitor, world: World) -> None:
    seal_entries(world.afresh(), keyring=world.keyring, now=MONDAY_MORNING)
    world.session.commit()
    assert "semuanya cocok." in text_of(auditor.get(f"{PAGE}/periksa").text)
    entry = world.session.scalars(select(AuditEntry.id).where(AuditEntry.action == "day.quota")).one()
    world.session.execute(update(AuditEntry).where(AuditEntry.id == entry).values(reason="Alat lama"))
    world.session.commit()
    said = text_of(auditor.get(f"{PAGE}/periksa?tindakan=day.").text)
    assert said.count("ADA YANG TIDAK COCOK.") == 2
    assert "telah diubah" in text_of(auditor.get(f"{PAGE}/{entry}").text)


def test_what_is_shown_is_taken_away_and_that_is_written_down(auditor: Visitor, world: World) -> None:
    taken = auditor.post(f"{PAGE}/unduh/csv?tindakan=day.&alasan=alat")
    heading, row = csv.reader(io.StringIO(taken.text.removeprefix("\ufeff")))
    assert (heading[:3], row[3], row[6]) == (["Nomor", "Kapan", "Siapa"], "Kuota satu hari diubah", "Alat baru")
    book = auditor.post(f"{PAGE}/unduh/xlsx?tindakan=day.")
    assert b"Alat baru" in ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml")
    assert "attachment" in book.headers["Content-Disposition"]
    assert book.headers["Cache-Control"] == "private, no-store"
    query = select(AuditEntry).where(AuditEntry.action == "audit.exported").order_by(AuditEntry.id)
    first, second = (entry.after for entry in world.afresh().scalars(query))
    assert first == {"format": "csv", "rows": 1, "narrowed": ["alasan", "tindakan"]}
    assert second == {"format": "xlsx", "rows": 1, "narrowed": ["tindakan"]}
    assert auditor.post(f"{PAGE}/unduh/json").status_code == 404


def test_too_much_for_a_file_is_refused_in_words(auditor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from queue_app.web.admin.records import audit_export

    monkeypatch.setattr(audit_export, "MOST", 1)
    answer = auditor.post(f"{PAGE}/unduh/csv")
    assert answer.status_code == 303
    assert "Lebih dari 1 catatan." in text_of(auditor.get(answer.location).text)


def test_the_facts_of_messages_without_what_they_say(auditor: Visitor, administrator: Visitor, world: World) -> None:
    page = text_of(auditor.get("/admin/pesan-terkirim").text)
    assert "Konfirmasi A-0" in page
    assert administrator.get("/admin/pesan-terkirim").status_code == 403
    assert auditor.get("/admin/pesan").status_code == 403
