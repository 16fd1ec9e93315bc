"""The quota advice: what it is made from, what it says, and that nothing is changed or held by it."""

from __future__ import annotations

import re
from datetime import time

import pytest
from sqlalchemy import func, select

from queue_app.db import db
from queue_app.domain.quota_advice import Advice, advise
from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.models import AuditEntry, DayCount, DayFigures, Office, OfficeService
from queue_app.services.rosters.shifts import add_shifts
from queue_app.web.admin.rosters import advice as page_of_advice
from tests.harness.at_counters import another_service, open_counter
from tests.harness.factories import TESTER, make_applicant, make_booking, slots_of
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, TOMORROW, Visitor, World, refusals
from tests.web.admin.rosters.read_advice import ADVICE, advised
from tests.web.citizen import text_of


def test_the_next_day_with_places_is_played_with_what_is_known(administrator: Visitor, busy: World) -> None:
    text = text_of(administrator.get(ADVICE).text)
    assert "Selasa, 24 November 2026" in text
    assert "sekarang 120" in text
    assert 0 < advised(text) < 120
    for known in (
        "15 menit dianggap, karena belum terukur",
        "0 % dianggap semua datang, karena belum terukur",
        "loket 1, bersama-sama 3 jam dianggap, karena jadwal petugas hari itu kosong",
        "satu di setiap loket perekaman data kantor",
    ):
        assert known in text


def test_what_was_measured_is_used_and_named(administrator: Visitor, busy: World) -> None:
    before = advised(text_of(administrator.get(ADVICE).text))
    numbers = dict.fromkeys(
        (column.name for column in DayFigures.__table__.c if column.name not in ("first_full_at", "sold_out_at")), 0
    )
    of_day = {"office_id": busy.here.id, "day": LAST_WEEK.date(), "service_id": busy.offering.service_id}
    counted = {"mark": "-", "public_quota": 50, "came": 40, "missed": 10, "walk_ins": 3}
    served = {"service_times": 40, "service_seconds": 40 * 300}
    busy.session.add(DayFigures(**{**numbers, **of_day, **counted, **served}))
    busy.session.add(DayCount(**of_day, breakdown="service_time", word="5", people=40, came=0, missed=0))
    busy.session.commit()
    text = text_of(administrator.get(ADVICE).text)
    for known in ("5 menit diukur dari 40 kunjungan", "20 % dari 50 pemesan", "3 orang sehari rata-rata 1 hari"):
        assert known in text
    assert advised(text) > 2 * before


def test_the_roster_decides_where_there_is_one(administrator: Visitor, busy: World) -> None:
    two = open_counter(busy, 2)
    without = advised(text_of(administrator.get(ADVICE).text))
    officer = busy.staff(Role.COUNTER)
    shift = Shift(two.id, officer.id, TOMORROW, time(8), time(10))
    add_shifts(busy.session, [shift], office_id=busy.here.id, actor=TESTER, now=MONDAY_MORNING)
    busy.session.commit()
    text = text_of(administrator.get(ADVICE).text)
    assert "loket 2, bersama-sama 2 jam menurut jadwal petugas" in text
    assert "Perekaman KTP-el (40)" in text  # at 13 nobody is there
    assert advised(text) < without


def test_what_if_is_asked_in_the_address_and_stored_nowhere(administrator: Visitor, busy: World) -> None:
    entries = busy.afresh().scalar(select(func.count()).select_from(AuditEntry))
    usual = advised(text_of(administrator.get(ADVICE).text))
    quick = text_of(administrator.get(f"{ADVICE}?menit=5&perangkat=3").text)
    assert "5 menit diisi di atas" in quick
    assert advised(quick) > usual
    assert advised(text_of(administrator.get(f"{ADVICE}?loket=3").text)) > usual
    assert advised(text_of(administrator.get(f"{ADVICE}?perangkat=0").text)) == 0
    without = advised(quick)
    more = advised(text_of(administrator.get(f"{ADVICE}?menit=5&absen=50&lebih=10").text))
    assert without < more <= int(without * 1.1)
    assert busy.afresh().scalar(select(func.count()).select_from(AuditEntry)) == entries
    assert busy.session.get_one(Office, busy.here.id).recording_kits is None


def test_the_number_goes_to_the_quota_page_and_is_not_set_by_going_there(
    administrator: Visitor, planned: World
) -> None:
    page = administrator.get(f"{ADVICE}?layanan={planned.offering.service_id}").text
    (link,) = re.findall(r'href="(/admin/hari/kuota/\d+\?kuota=\d+)"', page)
    assert f'name="quota" type="text" value="{advised(text_of(page))}"' in administrator.get(link).text
    day = planned.day(TOMORROW)
    assert sum(slot.planned for slot in day.slots) == 120
    assert 'value="5000"' in administrator.get(f"/admin/hari/kuota/{day.id}?kuota=999999").text
    assert 'value="120"' in administrator.get(f"/admin/hari/kuota/{day.id}?kuota=banyak").text


def test_what_is_booked_already_is_said_and_goes_to_the_quota_page(administrator: Visitor, planned: World) -> None:
    """No day can be given fewer places than people hold."""
    asked = f"{ADVICE}?layanan={planned.offering.service_id}&hari={TOMORROW}"
    planned.afresh().get_one(Office, planned.here.id).recording_kits = 0
    planned.session.commit()
    assert "Sudah dipesan" not in administrator.get(asked).text
    planned.book(TOMORROW)
    page = administrator.get(asked).text
    assert advised(text_of(page)) == 0
    assert "Sudah dipesan: 1." in page
    assert re.search(r'href="/admin/hari/kuota/\d+\?kuota=1"', page)


def test_only_what_the_advice_is_about_counts_as_booked(administrator: Visitor, busy: World) -> None:
    """No counter gives the second service: it is left out, and so are its people."""
    family = another_service(busy)
    slot = slots_of(busy.afresh(), family, TOMORROW)[0]
    make_booking(busy.session, slot.id, make_applicant(), keyring=busy.keyring, now=MONDAY_MORNING)
    busy.session.commit()
    page = administrator.get(f"{ADVICE}?hari={TOMORROW}&perangkat=0").text
    assert advised(text_of(page)) == 0
    assert "Sudah dipesan" not in page


def test_four_rows_say_the_same_as_the_charts(administrator: Visitor, planned: World) -> None:
    page = administrator.get(ADVICE).text
    rows = ("Sekarang", "Sekarang, semua datang", "Saran", "Saran, semua datang")
    assert re.findall(r'<th scope="row"[^>]*>((?:Sekarang|Saran)[^<]*)</th>', page) == list(rows)
    assert page.count('<svg class="figures__svg"') == len(re.findall(r"<title id=\"grafik", page)) == 3


def test_services_without_counter_or_places_are_named(administrator: Visitor, busy: World) -> None:
    family = another_service(busy)
    assert "Layanan KK" in text_of(administrator.get(ADVICE).text)
    assert "tidak ada loket yang melayaninya hari itu: Layanan KK" in text_of(administrator.get(ADVICE).text)
    alone = administrator.get(f"{ADVICE}?layanan={family.service_id}")
    assert alone.status_code == 200
    assert "jadi tidak ada yang dapat dihitung" in alone.text
    sunday = administrator.get(f"{ADVICE}?hari=2026-11-29")
    assert "Minggu, 29 November 2026 tidak ada tempat umum" in text_of(sunday.text)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("hari=besok", "Tulis tanggal yang benar."),
        ("tunggu=", "Bagian ini harus diisi."),
        ("tunggu=0", "Tulis angka dari 1 sampai 240."),
        ("lebih=11", "Tulis angka dari 0 sampai 10."),
        ("absen=101", "Tulis angka dari 0 sampai 100."),
        ("menit=lima", "Tulis angka bulat."),
        ("loket=0", "Tulis angka dari 1 sampai 99."),
        ("layanan=999", "Pilih salah satu yang tersedia."),
    ],
)
def test_what_cannot_be_asked_is_told_at_its_field(administrator: Visitor, asked: str, told: str) -> None:
    answer = administrator.get(f"{ADVICE}?{asked}")
    assert answer.status_code == 422
    (said,) = refusals(answer)
    assert said.endswith(told)


def test_no_transaction_is_open_while_the_day_is_played(
    administrator: Visitor, busy: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = []

    def watched(*arguments: object) -> Advice:
        held.append(db.session().in_transaction())
        return advise(*arguments)  # type: ignore[arg-type]  # as they come

    monkeypatch.setattr(page_of_advice, "advise", watched)
    assert administrator.get(ADVICE).status_code == 200
    assert held == [False]


def test_an_office_reads_its_own_counters_and_places(administrator: Visitor, busy: World) -> None:
    elsewhere = Visitor(administrator.client.application.test_client())
    elsewhere.sign_in(busy, busy.staff(Role.ADMINISTRATOR, busy.there))
    assert "tidak ada loket yang melayaninya" in elsewhere.get(ADVICE).text


def test_an_office_with_nothing_yet(administrator: Visitor, world: World) -> None:
    for offering in world.session.scalars(select(OfficeService)):
        offering.active = False
    world.session.commit()
    assert administrator.get(ADVICE).status_code == 200
