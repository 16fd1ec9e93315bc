"""The day's list on paper: everybody by hour, a box for each, and no number of anybody."""

from __future__ import annotations

import re

from queue_app.domain.priority import Priority
from queue_app.domain.roles import Role
from tests.harness.at_counters import arrive
from tests.harness.office import TOMORROW, Visitor, World
from tests.web.citizen import text_of

PAGE = "/meja/kedatangan/kertas"


def rows(page: str) -> list[str]:
    table = page[page.index('<table class="paper-list"') :]
    return [text_of(row) for row in re.findall("<tr.*?</tr>", table, re.S)]


def test_everybody_stands_in_their_hour_with_a_box(desk: Visitor, world: World) -> None:
    arrive(world, hour=9)
    later = world.book(hour=13, name="Agus Santoso")
    later.tickets[0].priority = Priority.VULNERABLE
    world.session.commit()
    page = desk.get(PAGE).text
    listed = rows(page)
    hours = [row for row in listed if "–" in row and "orang" in row]
    assert [row.split()[0] for row in hours] == ["09.00–10.00", "13.00–14.00"]
    (siti,) = [row for row in listed if "Siti Wahyuni" in row]
    assert "✓" in siti
    assert siti.endswith("09.00")  # when she came
    (agus,) = [row for row in listed if "Agus Santoso" in row]
    assert agus.endswith("★ Prioritas")
    assert page.count('class="paper-list__box"') == 2 + 12


def test_it_has_no_nik_and_no_code(desk: Visitor, world: World) -> None:
    booking = world.book()
    page = desk.get(PAGE).text
    assert "Siti Wahyuni" in page
    assert not re.search(r"\d{4}-\*|\*{4}", page)
    assert booking.code[:4] not in page.split("<table")[1]


def test_another_day_and_one_service(desk: Visitor, world: World) -> None:
    world.book(TOMORROW, name="Agus Santoso")
    assert "Agus Santoso" not in desk.get(PAGE).text
    assert "Agus Santoso" in desk.get(f"{PAGE}?tanggal={TOMORROW}").text
    assert "Agus Santoso" in desk.get(f"{PAGE}?tanggal={TOMORROW}&layanan={world.offering.service_id}").text


def test_the_list_and_the_start_page_lead_to_it(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert f'href="{PAGE}?tanggal={TOMORROW}"' in visitor.get(f"/meja/kedatangan?tanggal={TOMORROW}").text
    assert f'href="{PAGE}"' in visitor.get("/petugas/").text
    assert visitor.get(PAGE).status_code == 200
