"""A slip of a key in a year: said at the field, and no page breaks on what was stored before that was asked."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from queue_app.domain.closures import ClosureState
from queue_app.models import Closure, Holiday, Schedule
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import NEXT_MONDAY, Visitor, World, refusals

FAR = ("9999-12-31", "2100-01-01", "1999-12-31", "0001-01-01")
SAID = "Periksa tahunnya: tulis tanggal antara tahun 2000 dan 2099."
REASONS = {"reason": "SKB", "reason_id": "Pemeliharaan", "reason_en": "Maintenance"}
NAMES = {"name": "Ramadan", "name_id": "Cuti", "name_en": "Leave"}


@pytest.mark.parametrize("far", FAR)
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/admin/libur", "day"),
        ("/admin/penutupan/baru", "first_day"),
        ("/admin/penutupan/baru", "last_day"),
        ("/admin/jadwal/{offering}/ubah", "valid_from"),
        ("/admin/jadwal/{offering}/ubah", "valid_until"),
    ],
)
def test_the_field_names_the_years(administrator: Visitor, world: World, path: str, field: str, far: str) -> None:
    day = NEXT_MONDAY.isoformat()
    filled = {"day": day, "first_day": day, "valid_from": day, "step": "preview", **REASONS, **NAMES, field: far}
    answer = administrator.post(path.format(offering=world.offering.id), filled)
    assert answer.status_code == 422
    assert SAID in refusals(answer)
    assert f'value="{far}"' in answer.text  # as it was typed


@pytest.mark.parametrize("far", FAR)
def test_a_search_of_such_a_day_is_told_the_same(desk: Visitor, far: str) -> None:
    answer = desk.post("/meja/kedatangan", {"day": far})
    assert (answer.status_code, refusals(answer)) == (422, [SAID])


@pytest.mark.parametrize("far", FAR)
def test_an_address_with_such_a_day_shows_another_one(administrator: Visitor, world: World, far: str) -> None:
    for path in (f"/admin/hari/{world.offering.id}?mulai=", "/admin/penutupan/baru?hari=", "/meja/kedatangan?tanggal="):
        assert administrator.get(f"{path}{far}").status_code == 200
    for name in ("hari", "mulai"):
        assert administrator.get(f"/sragen/ktp-rekam?{name}={far}").status_code < 400


def test_pages_bear_what_is_stored_already(administrator: Visitor, world: World) -> None:
    session = world.afresh()
    for day in (date.min, date.max):
        session.add(Holiday(date=day, name_id="Salah ketik", name_en="Slip"))
        session.add(
            Closure(
                office_id=world.here.id,
                state=ClosureState.DONE,
                first_day=day,
                last_day=day,
                reason_id="Salah tahun",
                reason_en="Wrong year",
                created_at=MONDAY_MORNING,
                created_by="staff:1",
                confirmed_at=MONDAY_MORNING,
                done_at=MONDAY_MORNING,
            )
        )
        session.add(
            Schedule(
                office_service_id=world.offering.id,
                name="Tahun keliru",
                valid_from=day,
                valid_until=day,
                created_at=MONDAY_MORNING,
            )
        )
    session.commit()
    listed = administrator.get("/admin/libur").text
    assert "31 Desember 9999" in listed  # to be taken off: it would stand there unseen else
    closures = [f"/admin/penutupan/{one.id}" for one in world.afresh().query(Closure)]
    lists = ["/admin/penutupan", f"/admin/jadwal/{world.offering.id}", f"/admin/hari/{world.offering.id}"]
    for path in (
        *closures,
        *lists,
        "/admin/jejak",
        "/admin/layanan",
        f"/admin/jadwal/{world.offering.id}/ubah",
        "/sragen/ktp-rekam",
    ):
        answer = administrator.get(path)
        assert answer.status_code in (200, 303), path
    far = world.afresh().scalars(select(Holiday).where(Holiday.date == date.max)).one()
    taken_off = administrator.post(f"/admin/libur/{far.id}/hapus", {"reason": "Salah ketik"})
    assert taken_off.status_code == 303
    assert "9999" not in administrator.get("/admin/libur").text
