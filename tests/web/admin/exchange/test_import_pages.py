"""Staff, services and holidays that come in by the page; templates; and files that are none."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import Holiday, OfficeService, StaffInvitation
from tests.harness.office import TOMORROW, Visitor, World, refusals
from tests.web.admin.exchange.sent_tables import carried_out, send
from tests.web.citizen import text_of


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


def test_a_row_that_names_an_office_counts_for_it_alone(administrator: Visitor, world: World) -> None:
    table = (
        "Tanggal;Nama;Kantor\r\n"
        "24/11/2026;Pilkada;\r\n"
        "24/11/2026;Hari jadi kota;gemolong\r\n"
        "25/11/2026;Hari jadi kabupaten;Dispendukcapil Sragen\r\n"
    )
    done = text_of(carried_out(administrator, "hari-libur", table, reason="Perda").text)
    assert "Hari jadi kota · Dispendukcapil Gemolong" in done
    found = world.afresh().execute(select(Holiday.name_id, Holiday.office_id).order_by(Holiday.date, Holiday.name_id))
    assert [tuple(row) for row in found] == [
        ("Hari jadi kota", world.there.id),
        ("Pilkada", None),
        ("Hari jadi kabupaten", world.here.id),
    ]
    renamed = table.replace("Hari jadi kota", "Hari Gemolong")
    again = text_of(carried_out(administrator, "hari-libur", renamed, reason="Ejaan").text)
    assert (again.count("sudah begitu"), again.count("diubah")) == (2, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("26/11/2026;Hari jadi;surakarta", "Kantor ini tidak dikenal"),
        ("25/11/2026;Hari jadi;sragen\r\n25/11/2026;Hari lain;sragen", "Sudah ada pada baris 2"),
        ("24/11/2026;Hari jadi;gemolong", "sudah ada yang memesan"),
    ],
)
def test_local_holidays_that_cannot_be(administrator: Visitor, world: World, row: str, said: str) -> None:
    world.book(TOMORROW, offering=world.offering_there)
    answer = send(administrator, "hari-libur", f"Tanggal;Nama;Kantor\r\n{row}\r\n", reason="Perda")
    assert (answer.status_code, said in text_of(answer.text)) == (422, True), text_of(answer.text)
    assert world.afresh().scalars(select(Holiday.id)).all() == []


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
        (b"Nama;Peran;Kantor\r\n" + b"a;b;c\r\n" * 501, "lebih dari 500 baris"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_words(administrator: Visitor, content: bytes, said: str) -> None:
    answer = send(administrator, "petugas", content)
    assert answer.status_code == 422
    assert said in " ".join(refusals(answer)), refusals(answer)


@pytest.mark.parametrize("kind", ["petugas", "layanan", "pemesanan"])
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
