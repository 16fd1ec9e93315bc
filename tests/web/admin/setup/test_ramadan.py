"""The hours of Ramadan on their page: proposed, previewed, set for the services ticked, and over by themselves."""

import re
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from queue_app.models import Schedule
from tests.harness.office import TODAY, TOMORROW, Visitor, World, refusals

PATH = "/admin/kalender/ramadan"
LAST = TODAY + timedelta(days=4)


def filled(world: World, **changed: Any) -> dict[str, Any]:
    week = {f"days-{day}-{name}": "" for day in range(7) for name in ("opens", "closes", "break_from", "break_until")}
    for day in range(4):
        week |= {f"days-{day}-opens": "08.00", f"days-{day}-closes": "15.00"}
        week |= {f"days-{day}-break_from": "12.00", f"days-{day}-break_until": "12.30"}
    dates = {"valid_from": TOMORROW.isoformat(), "valid_until": LAST.isoformat()}
    return {**week, **dates, "length": 60, "quota": "kept", "services": world.offering.id, **changed}


def test_dates_and_hours_are_proposed(administrator: Visitor, world: World) -> None:
    page = administrator.get(PATH).text
    values = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]+)"', page))
    assert (values["valid_from"], values["valid_until"]) == ("2027-02-08", "2027-03-09")
    assert (values["days-0-opens"], values["days-4-closes"], values["days-4-break_from"]) == ("08.00", "14.00", "11.30")
    assert "cocokkan kedua tanggal" in page
    assert "checked" in page


def test_seen_first_then_set_over_the_range_only(administrator: Visitor, world: World) -> None:
    preview = administrator.post(PATH, {**filled(world), "step": "preview"})
    assert preview.status_code == 200
    assert re.search(r"data-label=\"Hari yang berubah\">4<", preview.text)
    assert refusals(administrator.post(PATH, {**filled(world), "step": "confirm"})) == [
        "Tulis alasannya, supaya kelak jelas mengapa ini diubah."
    ]
    done = administrator.post(PATH, {**filled(world), "step": "confirm", "reason": "Ramadan"})
    assert done.status_code == 303
    new = world.afresh().scalars(select(Schedule).order_by(Schedule.id)).all()[-1]
    assert (new.name, new.valid_from, new.valid_until) == ("Ramadan 2026", TOMORROW, LAST)
    assert [window.starts_at for window in new.windows][:5] == [*map(time, (8, 9, 10, 11)), time(12, 30)]
    before, within, after = (world.day(day) for day in (TODAY, TOMORROW, TODAY + timedelta(days=7)))
    assert [len([one for one in day.slots if one.planned]) for day in (before, within, after)] == [3, 6, 3]
    assert [sum(one.planned for one in day.slots) for day in (before, within, after)] == [6, 6, 6]


def test_a_range_that_ends_before_it_begins_is_refused(administrator: Visitor, world: World) -> None:
    wrong = {"valid_until": date(2026, 11, 20).isoformat()}
    assert refusals(administrator.post(PATH, {**filled(world, **wrong), "step": "preview"})) == [
        "Tanggal akhir harus sesudah tanggal mulai."
    ]
    nobody = administrator.post(PATH, {**filled(world, services=""), "step": "preview"})
    assert nobody.status_code == 422
