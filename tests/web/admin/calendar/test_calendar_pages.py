"""The calendar: a month, a week, a change of many days in three steps, its list and its undoing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from queue_app.domain.roles import Role
from queue_app.models import Closure, QuotaChange
from tests.harness.closing import closed
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

PATH = "/admin/kalender/ubah"
REASON = "Operator tambahan"


def asked(world: World, **changed: Any) -> dict[str, Any]:
    days = {"first_day": TOMORROW.isoformat(), "last_day": (TOMORROW + timedelta(days=1)).isoformat()}
    return {**days, "services": world.offering.service_id, "share": "public", "unit": "places", "amount": 9, **changed}


def places(world: World, day: Any = TOMORROW) -> list[int]:
    return [slot.planned for slot in sorted(world.day(day).slots, key=lambda slot: slot.starts_at)]


def test_a_month_says_of_each_day_what_it_gives(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW)
    closed(world.afresh(), world.offering, TOMORROW + timedelta(days=1), now=MONDAY_MORNING)
    page = administrator.get("/admin/kalender").text
    cells = [text_of(cell) for cell in re.findall(r"<td class=\"calendar__day.*?</td>", page, re.S)]
    (tuesday,) = [cell for cell in cells if "Sel 24 Nov" in cell]
    assert "6 kuota 1 dipesan 5 sisa" in tuesday
    assert any("Rab 25 Nov" in cell and "Ditutup" in cell for cell in cells)
    assert any("Min 29 Nov" in cell and "tidak ada pelayanan" in cell for cell in cells)
    december = administrator.get("/admin/kalender?bulan=2026-12").text
    assert "Desember 2026" in december
    assert "Hari Raya" not in administrator.get("/admin/kalender?bulan=nonsense").text


def test_a_month_takes_as_many_statements_as_one_day(administrator: Visitor, world: World) -> None:
    """What the page itself asks for: the services, the days, the holidays."""
    administrator.get("/admin/kalender")
    assert len(_statements(administrator, "/admin/kalender", "service_day")) == 1
    assert len(_statements(administrator, "/admin/kalender/minggu", "JOIN slot")) == 1
    assert len(_statements(administrator, "/admin/kalender/minggu", "FROM slot")) == 1
    assert len(_statements(administrator, "/admin/kalender", "")) <= 8


def _statements(visitor: Visitor, path: str, table: str) -> list[str]:
    told: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if table in statement and statement.startswith("SELECT"):
            told.append(statement)

    event.listen(Engine, "before_cursor_execute", tell)
    try:
        assert visitor.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", tell)
    return told


def test_a_week_shows_the_hours_of_a_service_and_leads_to_one(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW, 9)
    page = administrator.get(f"/admin/kalender/minggu?hari={TODAY}&layanan={world.offering.service_id}").text
    (nine,) = [
        row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if 'scope="row" class="govuk-table__header">09.00' in row
    ]
    assert "1 dari 2 dipesan" in text_of(nine)
    link = re.search(r'href="([^"]*hari=2026-11-24[^"]*)"', nine).group(1).replace("&amp;", "&")
    form = administrator.get(link).text
    assert 'value="09.00"' in form
    assert 'value="10.00"' in form
    assert 'value="2026-11-24"' in form


def test_a_change_is_seen_first_then_reasoned_then_carried_out(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW, 9)
    page = text_of(administrator.post(PATH, {**asked(world), "step": "preview"}).text)
    assert "2 hari layanan berubah" in page
    assert "08.00: 2 → 3 · 09.00: 2 → 3 · 13.00: 2 → 3" in page
    assert places(world) == [2, 2, 2]
    without = administrator.post(PATH, {**asked(world), "step": "confirm", "reason": ""})
    assert refusals(without) == ["Tulis alasannya, supaya kelak jelas mengapa ini diubah."]
    again = administrator.post(PATH, {**asked(world), "step": "edit"})
    assert (again.status_code, "Ubah kuota hari atau jam" in again.text) == (200, True)
    done = administrator.post(PATH, {**asked(world), "step": "confirm", "reason": REASON})
    assert done.status_code == 303
    assert places(world) == places(world, TOMORROW + timedelta(days=1)) == [3, 3, 3]
    listed = text_of(administrator.get("/admin/kalender/perubahan").text)
    assert "Sel 24 Nov – Rab 25 Nov: kuota 9" in listed
    assert REASON in listed


def test_a_change_is_undone_with_a_reason(administrator: Visitor, world: World) -> None:
    administrator.post(PATH, {**asked(world), "step": "confirm", "reason": REASON})
    (change,) = world.afresh().scalars(select(QuotaChange)).all()
    path = f"/admin/kalender/perubahan/{change.id}/urungkan"
    assert "Kembali menjadi" in administrator.get(path).text
    assert administrator.post(path, {"reason": ""}).status_code == 422
    assert administrator.post(path, {"reason": "Keliru"}).status_code == 303
    assert places(world) == [2, 2, 2]
    assert "Diurungkan oleh" in administrator.get("/admin/kalender/perubahan").text
    assert refusals(administrator.post(path, {"reason": "Keliru"})) == ["Perubahan ini sudah diurungkan."]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"first_day": "2026-11-20", "last_day": ""}, "Hari itu sudah lewat."),
        ({"last_day": "2026-11-20"}, "Hari terakhir harus sesudah hari pertama."),
        ({"starts_at": "08.00"}, "Tulis kedua jam, dan jam selesai sesudah jam mulai; atau kosongkan keduanya."),
        ({"unit": "less", "amount": 101}, "Tulis angka dari -100 sampai 400."),
        ({"amount": "banyak"}, "Angka: Tulis angka bulat."),
        ({"services": 4711}, "Layanan: Pilih salah satu yang tersedia."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    administrator: Visitor, world: World, wrong: dict[str, Any], said: str
) -> None:
    answer = administrator.post(PATH, {**asked(world, **wrong), "step": "preview"})
    assert answer.status_code == 422
    assert refusals(answer) == [said]
    assert f'value="{wrong.get("amount", 9)}"' in answer.text


def test_closing_leads_to_the_closure_with_days_hours_and_service(administrator: Visitor, world: World) -> None:
    hours = {"starts_at": "08.00", "ends_at": "10.00", "amount": ""}
    answer = administrator.post(PATH, {**asked(world, **hours), "step": "close"})
    page = administrator.get(answer.location).text
    assert 'value="2026-11-24"' in page
    assert 'value="2026-11-25"' in page
    assert 'value="08.00"' in page
    assert world.afresh().scalars(select(Closure)).all() == []
    some_days = administrator.post(PATH, {**asked(world, **hours), "weekdays": [1], "step": "close"})
    assert refusals(some_days) == ["Penutupan berlaku untuk hari yang berurutan: kosongkan pilihan hari ini."]


def test_one_day_s_quota_takes_two_presses_from_the_month_beside_what_is_typed(
    administrator: Visitor, world: World
) -> None:
    """The day, a number, "see", a reason, "change": three pages. An hour is closed from the week in as many."""
    month = administrator.get(f"/admin/kalender?layanan={world.offering.service_id}").text
    day = re.search(r'href="([^"]*hari=2026-11-24[^"]*)"', month).group(1).replace("&amp;", "&")
    page = administrator.get(day).text
    names = re.findall(r'<input[^>]*name="(first_day|services)"[^>]*value="([^"]+)"', page)
    sent = {**dict(names), "unit": "places", "share": "public", "amount": 9}
    assert administrator.post(day, {**sent, "step": "preview"}).status_code == 200
    assert administrator.post(day, {**sent, "step": "confirm", "reason": REASON}).status_code == 303
    assert places(world) == [3, 3, 3]


def test_a_large_change_asks_for_a_second_person(administrator: Visitor, world: World) -> None:
    limit = administrator.post("/admin/kalender/batas", {"places": 5, "reason": "Kantor kecil"})
    assert limit.status_code == 303
    sent = {**asked(world), "step": "confirm", "reason": REASON}
    answer = administrator.post(PATH, sent)
    (said,) = refusals(answer)
    assert said == "Perubahan ini menambah atau mengurangi 6 tempat. Di atas 5, petugas kedua menyetujui."
    assert "Kata sandi petugas kedua" in answer.text
    assert places(world) == [2, 2, 2]
    wrong = administrator.post(PATH, {**sent, "username": "siapa", "password": "bukan sandinya"})
    assert refusals(wrong) == ["Nama pengguna atau kata sandi salah."]
    raised = administrator.post("/admin/kalender/batas", {"places": 500, "reason": "Kantor besar"})
    assert refusals(raised) == ["Menaikkan batas ini disetujui petugas kedua."]


def test_a_change_of_another_office_is_not_there(administrator: Visitor, world: World, visitor: Visitor) -> None:
    administrator.post(PATH, {**asked(world), "step": "confirm", "reason": REASON})
    (change,) = world.afresh().scalars(select(QuotaChange)).all()
    other = visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there))
    assert other.get(f"/admin/kalender/perubahan/{change.id}/urungkan").status_code == 404
