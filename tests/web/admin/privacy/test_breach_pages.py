"""The register of failures of data protection, from the record to the letter and the call."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from queue_app.jobs.registry import run_job
from queue_app.models import AuditEntry, Booking, Breach
from tests.harness.factories import make_applicant, make_booking
from tests.harness.office import LAST_WEEK, TODAY, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

NOTICE = "Daftar nama tertinggal pada hari Senin.\nKami sudah mengambilnya kembali."
FILLED = {
    "happened": "Daftar kedatangan tertinggal di ruang tunggu.",
    "noticed_on": TODAY.isoformat(),
    "noticed_at": "08:00",
    "data": ["name", "phone"],
    "first_day": TODAY.isoformat(),
    "last_day": TOMORROW.isoformat(),
    "notice_id": NOTICE,
    "notice_en": "",
}


@pytest.fixture
def booking(world: World) -> Booking:
    who = {"keyring": world.keyring, "now": LAST_WEEK, "email": "siti@contoh.id"}
    booking = make_booking(world.session, world.slot(TOMORROW).id, make_applicant(name="=Siti"), **who)
    world.session.commit()
    return booking


@pytest.fixture
def page(administrator: Visitor, booking: Booking) -> str:
    answer = administrator.post("/admin/insiden/baru", FILLED)
    assert answer.status_code == 303, refusals(answer)
    return str(answer.location)


def test_the_form_proposes_texts_and_says_what_is_wrong(administrator: Visitor) -> None:
    assert "Kapan dan bagaimana: [" in administrator.get("/admin/insiden/baru").text
    wrong = administrator.post("/admin/insiden/baru", {**FILLED, "last_day": "2026-11-01", "happened": "Tulisan saya"})
    assert wrong.status_code == 422
    assert refusals(wrong) == ["Hari terakhir harus sesudah hari pertama."]
    assert "Tulisan saya" in wrong.text
    assert administrator.post("/admin/insiden/baru", {}).status_code == 422
    for day in ("0", "0001-01-01", "9999-12-31"):
        answer = administrator.post("/admin/insiden/baru", {**FILLED, "noticed_on": day, "noticed_at": "23:59"})
        assert answer.status_code == 422


def test_the_clock(administrator: Visitor, page: str) -> None:
    assert "Beri tahu paling lambat Kam 26 Nov 2026, 08.00" in text_of(administrator.get(page).text)
    administrator.post(f"{page}/lembaga")
    assert "Beri tahu paling lambat" in text_of(administrator.get(page).text)
    administrator.post(f"{page}/beri-tahu")
    assert "Beri tahu paling lambat" not in text_of(administrator.get(page).text)
    assert text_of(administrator.get("/admin/insiden").text).count("diberi tahu Sen 23 Nov 2026") == 2


def test_from_the_record_to_the_letter_and_the_call(
    app: Flask, administrator: Visitor, world: World, page: str, booking: Booking
) -> None:
    bare = world.book(TODAY)
    administrator.post(f"{page}/beri-tahu")
    run_job(app, "tell-of-breaches")
    run_job(app, "send-outbox")
    letters = [path.read_text(encoding="utf-8") for path in app.extensions["settings"].outbox_folder.glob("*.txt")]
    (letter,) = [letter for letter in letters if "Kind: breach" in letter]
    assert NOTICE in letter
    assert f"{world.token(booking)}/data" in letter
    said = administrator.get(page).text
    assert said.count("Sudah diberi tahu:") == 2  # one without an address, one whose letter is only a file
    notice = said.split("/admin/insiden/telepon/")[1].split('"')[0]
    administrator.post(f"/admin/insiden/telepon/{notice}")
    assert administrator.get(page).text.count("Sudah diberi tahu:") == 1
    assert bare.id != booking.id


def test_a_text_with_brackets_left_is_not_sent(administrator: Visitor, world: World, page: str) -> None:
    administrator.post(f"{page}/ubah", {**FILLED, "notice_id": "Data: [nama]"})
    answer = administrator.post(f"{page}/beri-tahu", follow_redirects=True)
    assert "ganti dulu semua yang di dalam kurung siku" in text_of(answer.text)
    assert world.afresh().scalars(select(Breach)).one().told_at is None


def test_the_list_of_those_concerned(administrator: Visitor, world: World, page: str) -> None:
    answer = administrator.post(f"{page}/unduh/csv")
    assert answer.is_streamed
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "'=Siti" in answer.text
    assert "siti@contoh.id" in answer.text
    people = json.loads(administrator.post(f"{page}/unduh/json").text)
    assert [one["name"] for one in people] == ["=Siti"]
    assert administrator.post(f"{page}/unduh/exe").status_code == 404
    exported = select(AuditEntry.after).where(AuditEntry.action == "breach.exported").order_by(AuditEntry.id)
    assert list(world.afresh().scalars(exported)) == [{"format": "csv"}, {"format": "json"}]
    log = text_of(administrator.get("/admin/jejak?tindakan=breach.").text)
    assert "Daftar yang terkena diunduh" in log
    assert "Nama, Nomor HP" in log
