"""The roster of a week: planned, changed, copied, and seen by whom it is about."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.domain.rosters import A_WEEK
from queue_app.models import Counter, Office, RosterShift, Staff
from tests.harness.at_counters import open_counter
from tests.harness.office import NEXT_MONDAY, TODAY, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

ROSTER = "/admin/jadwal-petugas"
MORNING = ("08.00", "12.00")
NEW, COPY, KITS = f"{ROSTER}/baru", f"{ROSTER}/salin", f"{ROSTER}/perangkat"


@pytest.fixture
def counter(world: World) -> Counter:
    return open_counter(world)


@pytest.fixture
def officer(world: World) -> Staff:
    return world.staff(Role.COUNTER)


def planned(
    counter: Counter, officer: Staff, *days: date, hours: tuple[str, str] = ("08.00", "12.00")
) -> dict[str, Any]:
    days = days or (TOMORROW,)
    times = dict(zip(("starts_at", "ends_at"), hours, strict=True))
    return {"counter": counter.id, "officer": officer.id, "days": [day.isoformat() for day in days], **times}


def shift_of(world: World) -> RosterShift:
    return world.afresh().scalars(select(RosterShift).order_by(RosterShift.id)).one()


def test_a_week_begins_empty_and_is_filled_day_by_day(
    administrator: Visitor, world: World, counter: Counter, officer: Staff
) -> None:
    page = administrator.get(ROSTER).text
    assert page.count("hari ini</span>") == 1
    assert page.count(f"loket={counter.id}") == 7
    form = administrator.get(f"{NEW}?hari={TOMORROW}&loket={counter.id}").text
    assert re.search(rf'value="{TOMORROW}"[^>]*checked', form)
    days = [TOMORROW + timedelta(days=number) for number in range(3)]
    assert administrator.post(f"{NEW}?hari={TOMORROW}", planned(counter, officer, *days)).status_code == 303
    text = text_of(administrator.get(ROSTER).text)
    assert "3 jam tugas ditambahkan." in text
    assert text.count("Budi counter") == 3


def test_what_cannot_be_planned_is_said_at_its_field_and_stays_typed(
    administrator: Visitor, world: World, counter: Counter, officer: Staff
) -> None:
    second = open_counter(world, 2)
    administrator.post(NEW, planned(counter, officer))
    taken = "Budi counter sudah bertugas di loket 1 pukul 08.00–12.00 hari itu."
    for sent, said in (
        (
            planned(second, officer, hours=("11.30", "13.00")),
            taken,
        ),
        (planned(second, officer, hours=("13.00", "12.30")), "Jam selesai harus sesudah jam mulai."),
        ({**planned(second, officer), "days": []}, "Pilih paling sedikit satu hari."),
        (planned(second, officer, hours=("8 pagi", "12.00")), "Tulis jam yang benar, misalnya 08.00."),
        ({**planned(second, officer), "officer": 99999}, "Petugas: Pilih salah satu yang tersedia."),
    ):
        answer = administrator.post(NEW, sent)
        assert answer.status_code == 422
        assert said in refusals(answer)
        assert f'value="{sent["starts_at"]}"' in answer.text
    other = world.staff(Role.DESK)
    answer = administrator.post(NEW, planned(counter, other, hours=("09.00", "10.00")))
    assert refusals(answer) == ["Loket 1 sudah diisi Budi counter pukul 08.00–12.00 hari itu."]


def test_a_shift_is_changed_marked_absent_and_taken_out(
    administrator: Visitor, world: World, counter: Counter, officer: Staff
) -> None:
    administrator.post(NEW, planned(counter, officer))
    address = f"{ROSTER}/{shift_of(world).id}"
    assert 'value="08.00"' in administrator.get(address).text
    sent = {**planned(counter, officer, hours=("09.00", "15.00")), "absent": "y"}
    assert administrator.post(address, sent).status_code == 303
    text = text_of(administrator.get(ROSTER).text)
    assert "09.00–15.00" in text
    assert "berhalangan" in text
    log = text_of(administrator.get("/admin/jejak").text)
    assert "Jam tugas diubah" in log
    assert administrator.post(f"{address}/hapus").status_code == 303
    assert world.afresh().scalars(select(RosterShift)).all() == []


def test_a_locked_account_is_said_to_be_gone_and_its_shift_can_be_given_to_another(
    administrator: Visitor, world: World, counter: Counter, officer: Staff
) -> None:
    administrator.post(NEW, planned(counter, officer))
    world.afresh().get_one(Staff, officer.id).active = False
    world.session.commit()
    assert "tidak bertugas lagi" in administrator.get(ROSTER).text
    address = f"{ROSTER}/{shift_of(world).id}"
    assert f'value="{officer.id}" selected' in administrator.get(address).text
    assert administrator.post(address, planned(counter, officer)).status_code == 422
    other = world.staff(Role.DESK)
    assert administrator.post(address, planned(counter, other)).status_code == 303
    assert shift_of(world).staff_id == other.id
    assert "jadwal petugas" in administrator.get(f"/admin/petugas/{other.id}/nonaktifkan").text


def test_a_week_is_copied_to_the_next(administrator: Visitor, world: World, counter: Counter, officer: Staff) -> None:
    administrator.post(NEW, planned(counter, officer))
    answer = administrator.post(f"{COPY}?minggu={TODAY}")
    assert answer.location.endswith(f"minggu={NEXT_MONDAY}")
    assert "1 jam tugas disalin, 0 tidak" in text_of(administrator.get(answer.location).text)
    days = world.afresh().scalars(select(RosterShift.day).order_by(RosterShift.day)).all()
    assert days == [TOMORROW, TOMORROW + A_WEEK]
    assert administrator.post(f"{COPY}?minggu=2020-01-06").status_code == 422


def test_kits_are_an_offices_own_number(administrator: Visitor, world: World) -> None:
    assert administrator.post(KITS, {"kits": "4"}).status_code == 303
    assert world.afresh().get_one(Office, world.here.id).recording_kits == 4
    answer = administrator.post(KITS, {"kits": "400"})
    assert refusals(answer) == ["Perangkat perekaman: Tulis angka dari 0 sampai 99."]
    assert administrator.post(KITS, {"kits": ""}).status_code == 303
    assert world.afresh().get_one(Office, world.here.id).recording_kits is None


def test_everybody_sees_their_own_shifts_on_the_start_page(
    administrator: Visitor, visitor: Visitor, world: World, counter: Counter, officer: Staff
) -> None:
    administrator.post(NEW, planned(counter, officer))
    assert "Jam tugas Anda" not in administrator.get("/petugas/").text
    own = Visitor(visitor.client.application.test_client()).sign_in(world, officer)
    assert "Sel 24 Nov, 08.00–12.00 · loket 1" in text_of(own.get("/petugas/").text)


def test_no_roster_of_another_office(administrator: Visitor, world: World, counter: Counter, officer: Staff) -> None:
    administrator.post(NEW, planned(counter, officer))
    address = f"{ROSTER}/{shift_of(world).id}"
    there = Visitor(administrator.client.application.test_client())
    there.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there))
    assert "Budi counter" not in there.get(ROSTER).text
    assert there.get(address).status_code == 404
    for act in (address, f"{address}/hapus"):
        assert there.post(act, planned(counter, officer)).status_code == 404
    assert there.post(NEW, planned(counter, officer)).status_code == 422  # no choice there


@pytest.mark.parametrize("asked", ["minggu=kemarin", "minggu=0001-01-01", "minggu=9999-12-31", "minggu="])
def test_an_odd_week_is_this_one(administrator: Visitor, counter: Counter, asked: str) -> None:
    assert administrator.get(f"{ROSTER}?{asked}").text.count("hari ini</span>") == 1
