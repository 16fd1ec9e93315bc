"""Advice that rests on what was taken for granted says so first, and is not to be taken over."""

from __future__ import annotations

import re
from datetime import time

import pytest

from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.models import OfficeService
from queue_app.services.rosters.shifts import add_shifts
from tests.harness.at_counters import another_service, open_counter
from tests.harness.factories import TESTER, make_offering, make_service
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import LAST_WEEK, TOMORROW, Visitor, World
from tests.web.admin.rosters.read_advice import ADVICE, advised
from tests.web.citizen import text_of

TAKEN_OVER = re.compile(r'href="/admin/hari/kuota/\d+\?kuota=\d+"')
LED_ON = re.compile(r'href="/admin/hari/kuota/\d+"')


def test_without_a_roster_the_page_says_first_what_was_assumed_and_what_to_enter(
    administrator: Visitor, busy: World
) -> None:
    page = administrator.get(ADVICE).text
    text = text_of(page)
    said = "Hari itu belum ada petugas yang dijadwalkan. Dianggap: satu petugas di tiap loket yang dipakai, paling lama"
    assert f"{said} 7,5 jam sehari." in text
    assert "loket 1: 08.00–10.00, 13.00–14.00" in text
    assert "petugas yang dapat dijadwalkan di kantor ini: belum ada" in text
    assert text.index(said) < text.index("Perkiraan tanpa jadwal petugas") < text.index("Kuota umum sekitar")
    assert "/admin/jadwal-petugas?minggu=2026-11-23" in page
    assert not TAKEN_OVER.search(page)
    assert LED_ON.search(page)


def test_with_a_roster_and_known_times_it_is_advice(administrator: Visitor, planned: World) -> None:
    page = administrator.get(ADVICE).text
    assert "anggapan" not in page
    assert "Perkiraan" not in text_of(page)
    assert TAKEN_OVER.search(page)


def test_a_roster_of_officers_who_are_too_few_for_the_counters(administrator: Visitor, busy: World) -> None:
    open_counter(busy, 2)
    busy.staff(Role.COUNTER)
    assert "hanya 1 untuk 2 loket" in text_of(administrator.get(ADVICE).text)


def test_a_time_that_nobody_knows_makes_it_an_estimate(administrator: Visitor, planned: World) -> None:
    planned.afresh().get_one(OfficeService, planned.offering.id).minutes = 0
    planned.session.commit()
    page = administrator.get(ADVICE).text
    assert "Lama satu layanan belum diukur dan belum ditulis kantor." in text_of(page)
    assert "tanpa jadwal petugas" not in text_of(page)
    assert 'href="/admin/layanan"' in page
    assert not TAKEN_OVER.search(page)


@pytest.mark.parametrize("asked", ["menit=5", "absen=0", "loket=1", "perangkat=9"])
def test_what_if_is_no_proposal(administrator: Visitor, planned: World, asked: str) -> None:
    page = administrator.get(f"{ADVICE}?{asked}").text
    assert "Angka dari “Bagaimana kalau …” menggantikan yang sebenarnya." in text_of(page)
    assert not TAKEN_OVER.search(page)
    assert TAKEN_OVER.search(administrator.get(f"{ADVICE}?tunggu=20").text), "a target is chosen, not assumed"


def test_a_service_of_twenty_three_hours_is_not_manned_for_as_long(administrator: Visitor, world: World) -> None:
    """Whose hours nobody sits through are left out by name."""
    session = world.afresh()
    always = make_offering(
        *(session, world.here, make_service(session, "AMBIL")), now=LAST_WEEK, letter="C", hours=tuple(range(23))
    )
    session.commit()
    open_counter(world, 1, world.offering, always)
    open_counter(world, 2, always)
    text = text_of(administrator.get(ADVICE).text)
    hours = re.search(r"loket 1, 2, bersama-sama ([\d,]+) jam dianggap", text)
    assert hours, text
    assert float(hours.group(1).replace(",", ".")) <= 15
    assert re.search(r"tidak ada loket yang buka tidak dihitung: Layanan AMBIL \(\d+\)", text)


def test_why_some_are_not_served_while_counters_are_idle(administrator: Visitor, planned: World) -> None:
    """Forty recordings an hour at one counter, and a second one that takes another service."""
    family = another_service(planned)
    second = open_counter(planned, 2, family)
    shift = Shift(second.id, planned.staff(Role.DESK).id, TOMORROW, time(8), time(15))
    add_shifts(planned.session, [shift], office_id=planned.here.id, actor=TESTER, now=MONDAY_MORNING)
    planned.session.commit()
    text = text_of(administrator.get(ADVICE).text)
    assert "Mengapa ada yang tidak terlayani sementara loket menganggur" in text
    assert re.search(r"Sekarang, semua datang: Perekaman KTP-el [\d,]+ orang \(loketnya menganggur \d %\)", text)
    assert "Loketnya penuh; loket lain yang menganggur tidak melayani layanan itu." in text
    assert advised(text) > 0
    assert "dan layanan yang lebih dahulu penuh menentukan. Pilih satu layanan" in text
    alone = text_of(administrator.get(f"{ADVICE}?layanan={family.service_id}").text)
    assert "Pilih satu layanan" not in alone
