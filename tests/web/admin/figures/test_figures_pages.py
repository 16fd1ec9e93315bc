"""The pages of figures: today as it is, reports over a range, and the same as files."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from flask import Flask

from queue_app.domain.roles import Role
from queue_app.jobs.registry import run_job
from tests.harness.at_counters import arrive
from tests.harness.fakes import FixedClock
from tests.harness.office import LAST_WEEK, NEXT_MONDAY, TODAY, Visitor, World
from tests.web.citizen import text_of

REPORT = "/admin/angka/laporan"
AGO = (LAST_WEEK - timedelta(days=7)).date()
OF_TODAY = f"?dari={TODAY}&sampai={TODAY}"


def counted_tomorrow(app: Flask, world: World, clock: FixedClock, reader: Visitor) -> None:
    """Two came today, one did not; it is the next morning, and the jobs have run."""
    for hour in (8, 9):
        arrive(world, hour=hour)
    world.book(hour=13)
    clock.advance(days=1)
    for job in ("end-days", "mark-no-shows", "count-days"):
        run_job(app, job)
    reader.sign_in(world, world.staff(Role.AUDITOR), now=clock.now())


def test_today_counts_what_stands(administrator: Visitor, world: World) -> None:
    arrive(world, hour=9)
    world.book(hour=13)
    page = text_of(administrator.get("/admin/angka").text)
    for words in ("Dipesan 2 dari kuota 6", "Hadir 1 0 tanpa pemesanan", "Menunggu 1 0 di loket", "Tidak datang 0"):
        assert words in page
    assert "Perekaman KTP-el" in page


def test_today_is_sent_again_only_when_something_has_changed(administrator: Visitor, world: World) -> None:
    first = administrator.get("/admin/angka/isi")
    etag = {"If-None-Match": first.headers["ETag"]}
    assert f'data-etag="{first.get_etag()[0]}"' in administrator.get("/admin/angka").text
    assert administrator.get("/admin/angka/isi", headers=etag).status_code == 304
    arrive(world, hour=9)
    assert administrator.get("/admin/angka/isi", headers=etag).status_code == 200
    assert administrator.get("/admin/angka/isi?lang=en", headers=etag).status_code == 200


def test_a_report_says_each_figure_beside_its_definition(
    app: Flask, world: World, clock: FixedClock, visitor: Visitor
) -> None:
    counted_tomorrow(app, world, clock, visitor)
    page = visitor.get(REPORT + OF_TODAY).text
    text = text_of(page)
    assert "33,3" in text  # one of three did not come
    assert "Web 3 100" in text
    assert page.count("Cara menghitung") == len(re.findall("<table", page))
    assert len(re.findall("<svg", page)) == len(re.findall("</title>\\s*<desc", page)) >= 4
    assert "Siti" not in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_table_of_the_page_is_a_file_too(
    app: Flask, world: World, clock: FixedClock, visitor: Visitor, kind: str
) -> None:
    counted_tomorrow(app, world, clock, visitor)
    links = re.findall(rf'href="({REPORT}/[^"]+/{kind}\?[^"]*)"', visitor.get(REPORT + OF_TODAY).text)
    assert len(links) > 5
    for link in links:
        answer = visitor.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"
        if kind == "csv":
            heading, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
            assert rows
            assert all(len(row) == len(heading) for row in rows)
        else:
            assert "xl/worksheets/sheet1.xml" in ZipFile(io.BytesIO(answer.data)).namelist()


def test_a_file_of_days_has_them_all(app: Flask, world: World, clock: FixedClock, visitor: Visitor) -> None:
    counted_tomorrow(app, world, clock, visitor)
    answer = visitor.get(f"{REPORT}/hari/csv?dari={AGO}&sampai={NEXT_MONDAY}")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    (row,) = [row for row in rows if row["Tanggal"] == str(TODAY)]
    assert (row["Kuota umum"], row["Dipesan"], row["Datang"], row["Tidak datang"]) == ("6", "3", "2", "1")


def test_one_service_alone(app: Flask, world: World, clock: FixedClock, visitor: Visitor) -> None:
    counted_tomorrow(app, world, clock, visitor)
    page = visitor.get(f"{REPORT}{OF_TODAY}&layanan={world.offering.service_id}").text
    assert "Web 3 100" in text_of(page)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("?dari=2026-11-24&sampai=2026-11-23", "Tanggal akhir tidak boleh sebelum tanggal awal."),
        ("?dari=2001-11-24&sampai=2026-11-23", "Paling lama lima tahun sekaligus."),
        ("?dari=kemarin&sampai=2026-11-23", "Tulis tanggal yang benar."),
        ("?dari=2026-11-24", "Bagian ini harus diisi."),
        ("?dari=2026-11-24&sampai=2026-11-25&layanan=999", "Pilih salah satu yang tersedia."),
    ],
)
def test_a_range_that_is_none_is_told_at_its_field(administrator: Visitor, asked: str, told: str) -> None:
    answer = administrator.get(REPORT + asked)
    assert answer.status_code == 422
    assert told in answer.text
    assert administrator.get(f"{REPORT}/hari/csv{asked}").status_code == 404


def test_a_file_that_there_is_none_of(administrator: Visitor) -> None:
    for name in ("hari/csv", "nama/csv", "hari/pdf"):
        assert administrator.get(f"{REPORT}/{name}{OF_TODAY}").status_code == 404


def test_another_office_has_its_own(app: Flask, world: World, clock: FixedClock, visitor: Visitor) -> None:
    counted_tomorrow(app, world, clock, visitor)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there), now=clock.now())
    assert "Web 3 100" not in text_of(visitor.get(REPORT + OF_TODAY).text)
