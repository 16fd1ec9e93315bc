"""Tables that are taken away: covered unless a reason is given, written down, and good to be taken in again."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Holiday, OfficeService, Ticket
from queue_app.queries.exchange.all_tables import TABLES
from queue_app.services.booking.change import cancel
from queue_app.web.admin.exchange.export_words import TITLES
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World, refusals
from tests.web.admin.exchange.sent_tables import carried_out, send
from tests.web.citizen import text_of

PAGE = "/admin/ekspor"


def take(visitor: Visitor, table: str, file_type: str = "csv", **values: Any) -> TestResponse:
    return visitor.post(PAGE, {"table": table, "file_type": file_type, **values})


def rows_of(answer: TestResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, refusals(answer)
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def whole(visitor: Visitor, table: str = "pemesanan", **values: Any) -> TestResponse:
    return take(visitor, table, personal="y", reason="Pindah ke kantor baru", **values)


def test_every_table_has_a_title() -> None:
    assert set(TITLES) == set(TABLES)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_each_table_is_taken_away(administrator: Visitor, world: World, table: str) -> None:
    world.book(TODAY)
    found = take(administrator, table)
    assert list(csv.reader(io.StringIO(found.data.decode("utf-8-sig"))))[0] == list(TABLES[table].columns)
    sheet = openpyxl.load_workbook(io.BytesIO(take(administrator, table, "xlsx").data)).active
    assert [cell.value for cell in sheet[1]] == list(TABLES[table].columns)
    assert sheet.max_row == len(rows_of(found)) + 1


def test_without_a_reason_nobody_is_known_by_it(administrator: Visitor, world: World) -> None:
    booking = world.book(TODAY)
    (row,) = rows_of(take(administrator, "pemesanan"))
    assert (row["Nama"], row["Nomor HP"], row["NIK"][:9]) == ("S. W.", "'+62812•••890", "3314 ••••")
    assert row["Kode pemesanan"] == booking.code
    refused = take(administrator, "pemesanan", personal="y")
    assert refused.status_code == 422
    assert "Tulis alasannya" in refusals(refused)[0]
    assert "Jangan tulis NIK" in refusals(take(administrator, "pemesanan", personal="y", reason="081234567890"))[0]


def test_what_is_taken_is_written_down(administrator: Visitor, world: World) -> None:
    world.book(TODAY)
    whole(administrator, first=TODAY.isoformat())
    take(administrator, "petugas", "xlsx")
    found = (
        world.afresh()
        .scalars(select(AuditEntry).where(AuditEntry.action.startswith("table.")).order_by(AuditEntry.id))
        .all()
    )
    assert [(one.action, one.after, one.reason) for one in found] == [
        (
            "table.revealed",
            {"table": "pemesanan", "format": "csv", "rows": 1, "since": TODAY.isoformat()},
            "Pindah ke kantor baru",
        ),
        ("table.exported", {"table": "petugas", "format": "xlsx", "rows": 1}, None),
    ]
    assert "Tabel diekspor dengan data pribadi" in text_of(administrator.get("/admin/jejak?tindakan=pembukaan").text)


def test_days_narrow_a_table(administrator: Visitor, world: World) -> None:
    for day in (TODAY, TOMORROW):
        world.book(day)
    assert len(rows_of(take(administrator, "pemesanan", first=TOMORROW.isoformat()))) == 1
    assert len(rows_of(take(administrator, "pemesanan", last=TOMORROW.isoformat()))) == 2
    wrong = take(administrator, "pemesanan", first=TOMORROW.isoformat(), last=TODAY.isoformat())
    assert refusals(wrong) == ["Tanggal akhir harus sesudah tanggal awal."]


def test_other_offices_are_not_in_it(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    world.book(TODAY, offering=world.offering_there)
    assert rows_of(take(visitor, "pemesanan")) == []
    assert {row["Kantor"] for row in rows_of(take(visitor, "layanan"))} == {world.here.name}


def test_a_name_is_no_formula_and_a_number_survives(administrator: Visitor, world: World) -> None:
    world.staff(Role.COUNTER).name = "=HYPERLINK(1)"
    world.session.commit()
    names = {row["Nama"] for row in rows_of(take(administrator, "petugas"))}
    assert "'=HYPERLINK(1)" in names
    sheet = openpyxl.load_workbook(io.BytesIO(take(administrator, "petugas", "xlsx").data)).active
    cell = next(cell for cell in sheet["A"] if str(cell.value).startswith("=HYPER"))
    assert cell.data_type == "s" or cell.quotePrefix


def test_who_does_what_where_is_told_exactly(administrator: Visitor, world: World) -> None:
    colleague = world.staff(Role.DESK, world.here, world.there)
    next(one for one in colleague.assignments if one.office_id == world.there.id).role = Role.COUNTER
    world.session.commit()
    told = next(row for row in rows_of(take(administrator, "petugas")) if row["Nama pengguna"] == colleague.username)
    assert told["Peran"] == "Meja depan; Loket"
    parts = sorted([f"{world.here.name}: Meja depan", f"{world.there.name}: Loket"])
    assert told["Peran di tiap kantor"] == "; ".join(parts)


@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_bookings_that_were_taken_away_come_in_again(administrator: Visitor, world: World, file_type: str) -> None:
    for hour in (8, 9):
        world.book(TOMORROW, hour)
    taken = whole(administrator, file_type=file_type).data
    for booking in {one.booking for one in world.afresh().scalars(select(Ticket))}:
        cancel(world.session, booking.id, now=MONDAY_MORNING)
    world.session.commit()
    assert "Selesai: 2 baris" in text_of(carried_out(administrator, "pemesanan", taken).text)
    covered = take(administrator, "pemesanan", file_type).data
    assert "disamarkan" in text_of(send(administrator, "pemesanan", covered).text)


@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
@pytest.mark.parametrize("table", ["petugas", "layanan", "hari-libur"])
def test_what_is_taken_away_and_sent_back_changes_nothing(
    administrator: Visitor, world: World, table: str, file_type: str
) -> None:
    world.staff(Role.DESK)
    offering = world.afresh().get_one(OfficeService, world.offering.id)
    offering.steps_id, offering.requirements_id = "Ambil nomor\nTunggu", "KK\n=1+1"
    day = TOMORROW.replace(month=12)
    world.session.add(Holiday(date=day, name_id="Libur", name_en="Holiday"))
    world.session.add(Holiday(date=day, office_id=world.here.id, name_id="Hari jadi", name_en="City day"))
    world.session.commit()
    taken = take(administrator, table, file_type).data
    answer = send(administrator, table, taken, reason="Pindah")
    assert answer.status_code == 200, text_of(answer.text)
    results = text_of(answer.text)
    assert "sudah begitu" in results
    assert not any(word in results for word in ("ditambahkan", "diubah ", "diundang"))
