"""Bookings that come in by the page: looked at, refused by line and column, made as a whole or not at all."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from queue_app.models import AuditEntry, OutboxMessage, Ticket
from tests.harness.factories import make_nik
from tests.harness.office import TOMORROW, Visitor, World
from tests.web.admin.exchange.sent_tables import as_csv, as_xlsx, booking_row, carried_out, send, tickets
from tests.web.citizen import text_of


def test_bookings_are_looked_at_and_then_made(administrator: Visitor, world: World) -> None:
    table = as_csv(booking_row(), booking_row(Jam="09:00", NIK="3314 9917 0305 9001"))
    looked = send(administrator, "pemesanan", table)
    assert looked.status_code == 200
    assert "Berkas ini benar: 2 baris." in text_of(looked.text)
    assert tickets(world) == 0
    done = carried_out(administrator, "pemesanan", table)
    assert "Selesai: 2 baris dijalankan." in text_of(done.text)
    made = world.afresh().scalars(select(Ticket).order_by(Ticket.starts_at)).all()
    assert [(one.day, one.office_id, one.slot.booked) for one in made] == [(TOMORROW, world.here.id, 1)] * 2
    assert f"{made[0].letter}-{made[0].queue_number:03d}" in text_of(done.text)
    assert made[0].booking.code in done.text
    old = world.session.scalars(
        select(AuditEntry.after).where(AuditEntry.action == "ticket.taken_over").order_by(AuditEntry.id)
    ).all()
    assert old == [{"old_number": "A-7"}] * 2
    assert world.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "table.imported")).one() == {
        "table": "pemesanan",
        "rows": 2,
        "acts": {"book": 2},
    }


@pytest.mark.parametrize("tells", [True, False])
def test_tickets_are_sent_only_where_that_was_ticked(administrator: Visitor, world: World, tells: bool) -> None:
    carried_out(administrator, "pemesanan", as_csv(booking_row()), **({"tells": "y"} if tells else {}))
    assert len(world.afresh().scalars(select(OutboxMessage)).all()) == tells


def test_a_file_that_was_not_looked_at_is_only_looked_at(administrator: Visitor, world: World) -> None:
    looked = send(administrator, "pemesanan", as_csv(booking_row()))
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', looked.text)
    assert seen
    other = send(administrator, "pemesanan", as_csv(booking_row()), seen=seen[1], run="y")
    assert "Belum ada yang disimpan" in text_of(other.text)
    assert tickets(world) == 0


@pytest.mark.parametrize(
    ("change", "column", "said"),
    [
        ({"NIK": "3,31499E+15"}, "NIK", "angka ilmiah"),
        ({"NIK": "3.31499E+15"}, "NIK", "Format kolomnya sebagai Teks"),
        ({"NIK": "3314•0001"}, "NIK", "disamarkan"),
        ({"NIK": "331499"}, "NIK", "16 angka"),
        ({"NIK": ""}, "NIK", "harus diisi"),
        ({"Kantor": "Solo"}, "Kantor", "tidak dikenal"),
        ({"Layanan": "KIA"}, "Layanan", "tidak diberikan"),
        ({"Tanggal": "2/13/2026"}, "Tanggal", "25/12/2026"),
        ({"Tanggal": "46350"}, "Tanggal", "tidak terbaca"),
        ({"Tanggal": "28/11/2026"}, "Tanggal", "tidak ada pelayanan"),
        ({"Jam": "08.30"}, "Jam", "Yang ada: 08.00, 09.00, 13.00"),
        ({"Jam": "8 pagi"}, "Jam", "tidak terbaca"),
        ({"Tanggal": "23/11/2026", "Jam": "08.00"}, "Jam", "sudah lewat"),
        ({"Nama": "081234567890"}, "Nama", "Tulis nama lengkap"),
        ({"Nomor HP": "8,12E+10"}, "Nomor HP", "Format kolomnya sebagai Teks"),
        ({"Nomor lama": "3314991703050001"}, "Nomor lama", "Jangan tulis NIK"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column_and_nothing_is_kept(
    administrator: Visitor, world: World, change: dict[str, str], column: str, said: str
) -> None:
    answer = send(administrator, "pemesanan", as_csv(booking_row(), booking_row(**change)), run="y")
    assert answer.status_code == 422
    row = re.search(r"<tbody.*?</tr>", answer.text, re.S)
    assert row
    problem = text_of(row[0])
    assert problem.startswith(f"3 {column}"), problem
    assert said in problem
    assert tickets(world) == 0


def test_beyond_the_quota_the_whole_file_is_refused(administrator: Visitor, world: World) -> None:
    answer = send(administrator, "pemesanan", as_csv(*(booking_row() for _ in range(3))))
    assert answer.status_code == 422
    assert "Tidak ada tempat lagi pada jam itu" in text_of(answer.text)
    assert tickets(world) == 0
    assert world.slot(TOMORROW, 8).booked == 0


def test_one_person_twice_is_refused(administrator: Visitor, world: World) -> None:
    nik = make_nik().digits
    answer = send(administrator, "pemesanan", as_csv(booking_row(NIK=nik), booking_row(NIK=nik, Jam="09.00")))
    assert "NIK ini sudah punya tiket" in text_of(answer.text)


def test_a_workbook_with_dates_hours_and_numbers_is_read(administrator: Visitor, world: World) -> None:
    nik = make_nik().digits
    rows = [
        booking_row(Tanggal=date(2026, 11, 24), Jam=time(8), NIK=nik, **{"Nomor HP": 81234567890}),
        booking_row(Tanggal=datetime.combine(TOMORROW, time()), Jam=13),
    ]
    assert "Selesai: 2 baris" in text_of(carried_out(administrator, "pemesanan", as_xlsx(*rows)).text)


@pytest.mark.parametrize("nik", [3314990101900001, 3314990101900000, 3.31499010190000e15])
def test_a_nik_that_is_a_number_is_never_trusted(administrator: Visitor, nik: float) -> None:
    said = text_of(send(administrator, "pemesanan", as_xlsx(booking_row(NIK=nik))).text)
    assert "hanya menyimpan 15 dari 16 angkanya" in said


def test_niks_that_went_through_a_spreadsheet_are_known_by_their_last_digit(administrator: Visitor) -> None:
    rows = [
        booking_row(NIK=f"33149917030501{ten}0", Jam=jam) for ten, jam in ((1, "08.00"), (2, "09.00"), (3, "13.00"))
    ]
    assert "angka terakhirnya sudah dibulatkan" in text_of(send(administrator, "pemesanan", as_csv(*rows)).text)
    rows[0] = booking_row(NIK="3314991703050111")
    assert send(administrator, "pemesanan", as_csv(*rows)).status_code == 200


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: ("sep=;\r\n" + text).encode(),
        lambda text: text.replace(";", ",").encode(),
        lambda text: text.replace(";", "\t").encode(),
    ],
)
def test_csv_comes_as_spreadsheets_write_it(administrator: Visitor, encode: Any) -> None:
    answer = send(administrator, "pemesanan", encode(as_csv(booking_row(Nama="José Nur"))))
    assert answer.status_code == 200, text_of(answer.text)
    assert "José Nur" in text_of(answer.text)
