"""Holidays of one office: on the page of the list, in the calendar, and for whom they may be kept."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from queue_app.domain.calendar import DayStatus
from queue_app.domain.roles import Role
from queue_app.models import Closure, Holiday
from tests.harness.office import TODAY, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

NAMES = {"name_id": "Hari jadi kota", "name_en": "City day", "reason": "Perda 5/2019"}
SENT = {"day": TOMORROW.isoformat(), **NAMES}


def add(visitor: Visitor, office_id: int, **changes: str) -> int:
    return visitor.post("/admin/libur", {"office": str(office_id), **SENT, **changes}).status_code


def listed(world: World) -> Holiday:
    return world.afresh().scalars(select(Holiday).where(Holiday.office_id.is_not(None))).one()


def choices(visitor: Visitor) -> list[str]:
    field = visitor.get("/admin/libur").text.split('id="office"', 1)[1].split("</select>", 1)[0]
    return [" ".join(label.split()) for label in re.findall(r"<option[^>]*>([^<]*)<", field)]


def test_it_counts_for_its_office_by_its_name(administrator: Visitor, world: World) -> None:
    assert choices(administrator) == ["Semua kantor", "Dispendukcapil Gemolong", "Dispendukcapil Sragen"]
    assert add(administrator, world.here.id) == 303
    assert world.day().status is DayStatus.HOLIDAY
    assert world.day(offering=world.offering_there).status is DayStatus.OPEN
    row = text_of(administrator.get("/admin/libur").text)
    assert "Selasa, 24 November 2026 Hari jadi kota Dispendukcapil Sragen" in row
    month = f"/admin/kalender?bulan={TOMORROW:%Y-%m}"
    assert "Hari jadi kota" in administrator.get(month).text
    assert add(administrator, world.here.id) == 422
    assert refusals(administrator.post("/admin/libur", {"office": str(world.here.id), **SENT})) == [
        "Tanggal ini sudah ada dalam daftar hari libur."
    ]
    assert add(administrator, world.there.id) == 303


def test_the_calendar_of_another_office_knows_nothing_of_it(administrator: Visitor, world: World) -> None:
    world.afresh().add(Holiday(date=TOMORROW, office_id=world.there.id, name_id="Hari jadi", name_en="Day"))
    world.session.commit()
    assert "Hari jadi" not in administrator.get(f"/admin/kalender?bulan={TOMORROW:%Y-%m}").text


def test_people_of_its_office_are_offered_other_places(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW)
    world.book(TOMORROW, offering=world.offering_there)
    answer = administrator.post("/admin/libur", {"office": str(world.here.id), **SENT})
    assert answer.status_code == 409
    assert "Satu orang sudah memesan pada hari itu." in text_of(answer.text)
    assert f'<input type="hidden" name="office" value="{world.here.id}">' in answer.text
    assert add(administrator, world.here.id, step="confirm") == 303
    assert world.afresh().scalars(select(Closure.office_id)).all() == [world.here.id]
    assert world.day(offering=world.offering_there).status is DayStatus.OPEN


def test_whoever_answers_for_one_office_keeps_its_holidays_and_no_others(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert choices(visitor) == ["Dispendukcapil Sragen"]
    assert "Anda menambah libur setempat." in visitor.get("/admin/libur").text
    for office in ("semua", str(world.there.id), "0", "", "x"):
        assert visitor.post("/admin/libur", {"office": office, **SENT}).status_code == 422
    assert visitor.post("/admin/libur", SENT).status_code == 422
    assert world.afresh().scalars(select(Holiday)).all() == []
    assert add(visitor, world.here.id) == 303
    path = f"/admin/libur/{listed(world).id}"
    assert "Harinya tetap libur di Dispendukcapil Sragen." in visitor.get(f"{path}/ubah").text
    renamed = {"name_id": "Hari jadi Sragen", "name_en": "", "reason": "Nama resminya"}
    assert visitor.post(f"{path}/ubah", renamed).status_code == 303
    assert world.day().reason_id == "Hari jadi Sragen"
    assert visitor.post(f"{path}/hapus", {"reason": "Perda dicabut"}).status_code == 303
    assert world.day().status is DayStatus.OPEN


@pytest.mark.parametrize("act", ["ubah", "hapus"])
def test_that_of_another_office_is_not_found(visitor: Visitor, world: World, act: str) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    theirs = Holiday(date=TOMORROW, office_id=world.there.id, name_id="Hari jadi Gemolong", name_en="Day")
    world.afresh().add(theirs)
    world.session.commit()
    assert "Hari jadi Gemolong" not in visitor.get("/admin/libur").text
    path = f"/admin/libur/{theirs.id}/{act}"
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, NAMES).status_code == 404


def test_the_list_of_one_office(administrator: Visitor, world: World) -> None:
    add(administrator, world.here.id)
    add(administrator, world.there.id, name_id="Hari desa")
    assert administrator.post("/admin/libur", {"office": "semua", **SENT, "name_id": "Pilkada"}).status_code == 303
    shown = administrator.get(f"/admin/libur?kantor={world.there.id}").text
    assert ("Hari desa" in shown, "Pilkada" in shown, "Hari jadi kota" in shown) == (True, True, False)
    for odd in ("", "x", "0", "99999999999"):
        assert "Hari jadi kota" in administrator.get(f"/admin/libur?kantor={odd}").text


def test_taking_one_off_says_where_the_day_stays_a_holiday(administrator: Visitor, world: World) -> None:
    add(administrator, world.here.id)
    administrator.post("/admin/libur", {"office": "semua", **SENT, "name_id": "Pilkada"})
    national = world.afresh().scalars(select(Holiday.id).where(Holiday.office_id.is_(None))).one()
    said = text_of(administrator.get(f"/admin/libur/{national}/hapus").text)
    assert "Tetap libur di Dispendukcapil Sragen: Hari jadi kota." in said
    said = text_of(administrator.get(f"/admin/libur/{listed(world).id}/hapus").text)
    assert "Tetap libur di semua kantor: Pilkada." in said
    assert "dapat dipesan" not in said
    administrator.post(f"/admin/libur/{national}/hapus", {"reason": "Keppres dicabut"})
    said = text_of(administrator.get(f"/admin/libur/{listed(world).id}/hapus").text)
    assert "dapat dipesan di Dispendukcapil Sragen, menurut jadwalnya." in said


def test_a_day_that_is_over_is_over_by_the_clock_of_its_office(administrator: Visitor, world: World) -> None:
    """At half past ten in Sragen, and so in Jayapura it is still today."""
    assert refusals(administrator.post("/admin/libur", {"office": "semua", **SENT, "day": "2026-11-22"})) == [
        "Hari itu sudah lewat."
    ]
    assert add(administrator, world.here.id, day=TODAY.isoformat()) == 303
