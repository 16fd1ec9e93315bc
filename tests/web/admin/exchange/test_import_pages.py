"""Tables that come in by the page: looked at first, refused by line and column, carried out whole or not at all."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Holiday, OfficeService, OutboxMessage, StaffInvitation, Ticket
from tests.harness.factories import make_nik
from tests.harness.office import TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

HEADINGS = ["Kantor", "Layanan", "Tanggal", "Jam", "NIK", "Nama", "Nomor HP", "Nomor lama"]


def send(
    administrator: Visitor, kind: str, content: bytes | str, name: str = "berkas.csv", **values: Any
) -> TestResponse:
    encoded = content.encode() if isinstance(content, str) else content
    return administrator.post(f"/admin/impor/{kind}", {"file": (io.BytesIO(encoded), name), **values})


def carried_out(administrator: Visitor, kind: str, content: bytes | str, **values: Any) -> TestResponse:
    """Looked at, and sent once more with the box ticked."""
    looked = send(administrator, kind, content, **values)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', looked.text)
    assert seen, text_of(looked.text)
    return send(administrator, kind, content, seen=seen[1], run="y", **values)


def booking_row(**changes: Any) -> list[Any]:
    row = dict(
        zip(
            HEADINGS,
            ["sragen", "KTP_REKAM", "24/11/2026", "08.00", "", "Siti Wahyuni", "081234567890", "A-7"],
            strict=True,
        )
    )
    row["NIK"] = make_nik().digits
    return list((row | changes).values())


def as_csv(*rows: list[Any], headings: list[str] = HEADINGS, separator: str = ";") -> str:
    return "".join(separator.join(map(str, row)) + "\r\n" for row in [headings, *rows])


def as_xlsx(*rows: list[Any], headings: list[str] = HEADINGS) -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in [headings, *rows]:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def tickets(world: World) -> int:
    return world.afresh().scalar(select(func.count()).select_from(Ticket)) or 0


def test_bookings_are_looked_at_and_then_made(administrator: Visitor, world: World) -> None:
    table = as_csv(booking_row(), booking_row(Jam="09:00", NIK="3314 9917 0305 9001"))
    looked = send(administrator, "pendaftaran", table)
    assert looked.status_code == 200
    assert "Berkas ini benar: 2 baris." in text_of(looked.text)
    assert tickets(world) == 0
    done = carried_out(administrator, "pendaftaran", table)
    assert "Selesai: 2 baris dijalankan." in text_of(done.text)
    made = world.afresh().scalars(select(Ticket).order_by(Ticket.starts_at)).all()
    assert [(one.day, one.office_id, one.slot.booked) for one in made] == [(TOMORROW, world.here.id, 1)] * 2
    assert f"{made[0].letter}-{made[0].queue_number:03d}" in text_of(done.text)
    assert made[0].booking.code in done.text
    old = world.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "ticket.taken_over")).all()
    assert old == [{"old_number": "A-7"}] * 2
    assert world.session.scalars(select(AuditEntry.after).where(AuditEntry.action == "table.imported")).one() == {
        "table": "pendaftaran",
        "rows": 2,
        "acts": {"book": 2},
    }


@pytest.mark.parametrize("tells", [True, False])
def test_tickets_are_sent_only_where_that_was_ticked(administrator: Visitor, world: World, tells: bool) -> None:
    carried_out(administrator, "pendaftaran", as_csv(booking_row()), **({"tells": "y"} if tells else {}))
    assert len(world.afresh().scalars(select(OutboxMessage)).all()) == tells


def test_a_file_that_was_not_looked_at_is_only_looked_at(administrator: Visitor, world: World) -> None:
    looked = send(administrator, "pendaftaran", as_csv(booking_row()))
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', looked.text)
    assert seen
    other = send(administrator, "pendaftaran", as_csv(booking_row()), seen=seen[1], run="y")
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
    answer = send(administrator, "pendaftaran", as_csv(booking_row(), booking_row(**change)), run="y")
    assert answer.status_code == 422
    row = re.search(r"<tbody.*?</tr>", answer.text, re.S)
    assert row
    problem = text_of(row[0])
    assert problem.startswith(f"3 {column}"), problem
    assert said in problem
    assert tickets(world) == 0


def test_beyond_the_quota_the_whole_file_is_refused(administrator: Visitor, world: World) -> None:
    answer = send(administrator, "pendaftaran", as_csv(*(booking_row() for _ in range(3))))
    assert answer.status_code == 422
    assert "Tidak ada tempat lagi pada jam itu" in text_of(answer.text)
    assert tickets(world) == 0
    assert world.slot(TOMORROW, 8).booked == 0


def test_one_person_twice_is_refused(administrator: Visitor, world: World) -> None:
    nik = make_nik().digits
    answer = send(administrator, "pendaftaran", as_csv(booking_row(NIK=nik), booking_row(NIK=nik, Jam="09.00")))
    assert "NIK ini sudah punya tiket" in text_of(answer.text)


def test_a_workbook_with_dates_hours_and_numbers_is_read(administrator: Visitor, world: World) -> None:
    nik = make_nik().digits
    rows = [
        booking_row(Tanggal=date(2026, 11, 24), Jam=time(8), NIK=nik, **{"Nomor HP": 81234567890}),
        booking_row(Tanggal=datetime.combine(TOMORROW, time()), Jam=13),
    ]
    assert "Selesai: 2 baris" in text_of(carried_out(administrator, "pendaftaran", as_xlsx(*rows)).text)


@pytest.mark.parametrize("nik", [3314990101900001, 3314990101900000, 3.31499010190000e15])
def test_a_nik_that_is_a_number_is_never_trusted(administrator: Visitor, nik: float) -> None:
    said = text_of(send(administrator, "pendaftaran", as_xlsx(booking_row(NIK=nik))).text)
    assert "hanya menyimpan 15 dari 16 angkanya" in said


def test_niks_that_went_through_a_spreadsheet_are_known_by_their_last_digit(administrator: Visitor) -> None:
    rows = [
        booking_row(NIK=f"33149917030501{ten}0", Jam=jam) for ten, jam in ((1, "08.00"), (2, "09.00"), (3, "13.00"))
    ]
    assert "angka terakhirnya sudah dibulatkan" in text_of(send(administrator, "pendaftaran", as_csv(*rows)).text)
    rows[0] = booking_row(NIK="3314991703050111")
    assert send(administrator, "pendaftaran", as_csv(*rows)).status_code == 200


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
    answer = send(administrator, "pendaftaran", encode(as_csv(booking_row(Nama="José Nur"))))
    assert answer.status_code == 200, text_of(answer.text)
    assert "José Nur" in text_of(answer.text)


def test_staff_are_invited_by_links_that_are_shown_once(administrator: Visitor, world: World) -> None:
    table = "Nama;Peran;Kantor\r\nRina Ayu;Meja depan, Loket;sragen\r\n"
    looked = send(administrator, "petugas", table)
    assert "/petugas/undangan/" not in looked.text
    assert world.afresh().scalars(select(StaffInvitation)).all() == []
    done = carried_out(administrator, "petugas", table)
    links = re.findall(r"http://[^<]*/petugas/[^<]+", done.text)
    invitation = world.afresh().scalars(select(StaffInvitation)).one()
    assert {(one.office_id, one.role) for one in invitation.roles} == {
        (world.here.id, role) for role in (Role.DESK, Role.COUNTER)
    }
    assert len(links) == 1
    assert administrator.client.application.test_client().get(links[0]).status_code == 200
    assert "sudah begitu" in text_of(send(administrator, "petugas", table).text)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Rina;Kepala;sragen", "Peran ini tidak dikenal"),
        ("Rina;Loket;gemolong2", "Kantor ini tidak dikenal"),
        (";Loket;sragen", "harus diisi"),
        ("081234567890;Loket;sragen", "Jangan tulis NIK atau nomor HP"),
        ("Budi administrator;Loket;sragen", "dengan peran lain"),
    ],
)
def test_staff_that_cannot_be_invited(administrator: Visitor, row: str, said: str) -> None:
    answer = send(administrator, "petugas", f"Nama;Peran;Kantor\r\n{row}\r\n")
    assert (answer.status_code, said in text_of(answer.text)) == (422, True), text_of(answer.text)


def test_a_decree_becomes_decided_holidays(administrator: Visitor, world: World) -> None:
    table = (
        "Tanggal;Nama;Nama Inggris;Jenis\r\n"
        "Jumat, 25 Desember 2026;Hari Raya Natal;Christmas;libur nasional\r\n"
        "24 Des 2026;Hari Raya Natal;;cuti bersama\r\n"
        "1/1/2026;Tahun Baru;;\r\n"
    )
    assert refusals(send(administrator, "hari-libur", table))
    done = carried_out(administrator, "hari-libur", table, reason="SKB tiga menteri 2026")
    assert "sudah lewat, dilewati" in text_of(done.text)
    names = {one.date: one.name_id for one in world.afresh().scalars(select(Holiday)) if one.status == "confirmed"}
    assert names == {date(2026, 12, 25): "Hari Raya Natal", date(2026, 12, 24): "Cuti bersama Hari Raya Natal"}
    again = table.replace("Christmas", "Christmas Day")
    assert "diubah" in text_of(carried_out(administrator, "hari-libur", again, reason="Ejaan").text)


def test_a_day_with_people_on_it_does_not_become_a_holiday(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW)
    answer = send(administrator, "hari-libur", "Tanggal;Nama\r\n24/11/2026;Pilkada\r\n", reason="Keppres")
    assert answer.status_code == 422
    assert "sudah ada yang memesan" in text_of(answer.text)


def test_holidays_and_new_services_are_for_whoever_answers_for_every_office(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert visitor.get("/admin/impor/hari-libur").status_code == 403
    answer = send(visitor, "layanan", "Kantor;Nama\r\nsragen;Legalisir cepat\r\n", reason="Layanan baru")
    assert "administrator semua kantor" in text_of(answer.text)
    assert "bukan kantor Anda" in text_of(
        send(visitor, "layanan", "Kantor;Kode\r\ngemolong;IKD\r\n", reason="Baru").text
    )


def test_services_are_offered_and_changed(administrator: Visitor, world: World) -> None:
    table = (
        "Kantor;Kode;Nama;Huruf;Menit;Syarat\r\n"
        'sragen;KTP_REKAM;;R;15;"Fotokopi KK\nAkta lahir"\r\n'
        "sragen;KIA_05;;;;\r\n"
        "gemolong;;Legalisir cepat;;10;\r\n"
    )
    done = carried_out(administrator, "layanan", table, reason="Daftar layanan baru")
    assert "Selesai: 3 baris" in text_of(done.text)
    offered = {(one.office_id, one.service.code): one for one in world.afresh().scalars(select(OfficeService))}
    changed = offered[world.here.id, "KTP_REKAM"]
    assert (changed.letter, changed.minutes, changed.requirements_id) == ("R", 15, "Fotokopi KK\nAkta lahir")
    assert {code for _office, code in offered} == {"KTP_REKAM", "KIA_05", "LEGALISIR_CEPAT"}
    same = send(administrator, "layanan", table, reason="Daftar layanan baru")
    assert text_of(same.text).count("sudah begitu") == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Pilih berkas"),
        (b"PK\x03\x04nothing", "tidak dapat dibaca"),
        (b"\xd0\xcf\x11\xe0old", "tidak dapat dibaca"),
        (b"\x00\x01\x02", "tidak terbaca"),
        (b"Nama;Peran\r\n", "Kolom ini tidak ditemukan pada baris pertama: Kantor"),
        (b"Nama;Peran;Kantor\r\n", "Tidak ada baris"),
        (b"Nama;Peran;Kantor;nama\r\na;b;c;d\r\n", "ada dua kali"),
        (b"Nama;Peran;Kantor\r\n" + b"a;b;c\r\n" * 1001, "lebih dari 1000 baris"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_words(administrator: Visitor, content: bytes, said: str) -> None:
    answer = send(administrator, "petugas", content)
    assert answer.status_code == 422
    assert said in " ".join(refusals(answer)), refusals(answer)


@pytest.mark.parametrize("kind", ["petugas", "layanan", "pendaftaran"])
@pytest.mark.parametrize("file_type", ["csv", "xlsx"])
def test_a_template_is_a_file_without_rows(administrator: Visitor, kind: str, file_type: str) -> None:
    template = administrator.get(f"/admin/impor/{kind}/templat/{file_type}")
    assert template.status_code == 200
    answer = send(administrator, kind, template.data, reason="Coba")
    assert "Tidak ada baris di bawah judul kolom" in " ".join(refusals(answer))
    if file_type == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(template.data)).active
        assert {cell.number_format for cell in sheet[1]} == {"@"}
        assert sheet.column_dimensions["A"].width > 20


@pytest.mark.parametrize(
    "path", ["/admin/impor/lain", "/admin/impor/petugas/templat/pdf", "/admin/impor/lain/templat/csv"]
)
def test_there_is_nothing_else(administrator: Visitor, path: str) -> None:
    assert administrator.get(path).status_code == 404
