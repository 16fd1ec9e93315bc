"""The menu of staff: one line for those with few pages, groups for the others, and the page that is open marked."""

import re

import pytest

from queue_app.domain.roles import Role
from queue_app.web.site.menu import ONE_LINE
from tests.harness.office import Visitor, World

LINK = re.compile(r'<a class="staff-nav__link" href="([^"]+)"(?: aria-current="(\w+)")?')


def menu_of(page: str) -> str:
    found = re.search(r"<nav.*?</nav>", page, re.S)
    assert found
    return found.group()


def line_of(page: str) -> dict[str, str]:
    """Address of each entry that stands on the page without opening anything, with its mark."""
    return dict(LINK.findall(menu_of(page).rpartition("</details>")[2]))


@pytest.mark.parametrize("role", [Role.DESK, Role.COUNTER, Role.VILLAGE, Role.AUDITOR])
def test_who_has_few_pages_has_nothing_to_open(visitor: Visitor, world: World, role: Role) -> None:
    page = visitor.sign_in(world, world.staff(role)).get("/petugas/").text
    assert "<details" not in menu_of(page)
    assert 1 <= len(line_of(page)) <= ONE_LINE
    assert "doors__title" not in page


def test_an_administrator_reads_one_group_and_opens_the_others(administrator: Visitor) -> None:
    page = administrator.get("/admin/libur").text
    assert line_of(page) == {
        "/admin/layanan": "",
        "/admin/kalender": "",
        "/admin/penutupan": "",
        "/admin/libur": "page",
    }
    folded = menu_of(page).rpartition("</details>")[0]
    assert len(LINK.findall(folded)) > 20
    assert ("/admin/libur", "page") in LINK.findall(folded)
    assert {"/admin/petugas", "/admin/jejak", "/admin/cadangan"} <= dict(LINK.findall(folded)).keys()


def test_a_page_below_another_keeps_its_group(administrator: Visitor, world: World) -> None:
    assert line_of(administrator.get(f"/admin/jadwal/{world.offering.id}").text)["/admin/layanan"] == "true"
    assert line_of(administrator.get("/admin/petugas/undang").text)["/admin/petugas"] == "true"
    assert line_of(administrator.get("/admin/angka/laporan").text)["/admin/angka"] == "true"
    survey = line_of(administrator.get("/admin/angka/survei").text)
    assert (survey["/admin/angka"], survey["/admin/angka/survei"]) == ("", "page")


def test_a_page_of_no_group_shows_the_first(administrator: Visitor) -> None:
    line = line_of(administrator.get("/petugas/").text)
    assert next(iter(line)) == "/meja/kedatangan"
    assert not any(line.values())


def test_the_start_page_has_the_groups_of_the_menu(administrator: Visitor) -> None:
    page = administrator.get("/petugas/").text
    titles = re.findall(r'staff-menu__title" id="menu-\d">([^<]+)<', page)
    assert re.findall(r'doors__title">([^<]+)<', page) == titles
    assert len(titles) == 6
