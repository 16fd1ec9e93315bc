"""The weekly schedule and the holidays."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_code
from queue_app.models import AuditEntry, Schedule
from queue_app.services.booking.change import cancel
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import NEXT_MONDAY, TODAY, TOMORROW, Visitor, World, refusals


def edit_path(world: World) -> str:
    return f"/admin/jadwal/{world.offering.id}/ubah"


def form_values(page: str) -> dict[str, str]:
    """What a browser would send: the values of all inputs and selects of the page's own form."""
    page = page[page.index('id="windows"') - 4000 :] if 'id="windows"' in page else page
    values = dict(re.findall(r'<input[^>]*name="((?:name|valid_\w+|windows-[^"]+))"[^>]*value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*name="(windows-[^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'selected value="([^"]*)"', options)
        values[name] = chosen.group(1) if chosen else "0"
    return {name: value for name, value in values.items() if not name.endswith("leave_out")}


@pytest.fixture
def filled(administrator: Visitor, world: World) -> dict[str, str]:
    values = form_values(administrator.get(edit_path(world)).text)
    return {**values, "name": "Ramadan", "valid_from": NEXT_MONDAY.isoformat(), "step": "preview"}


def places(world: World, day: date) -> dict[int, int]:
    return {slot.starts_at.hour + 7: slot.capacity for slot in world.day(day).slots}


def test_the_form_starts_with_what_is_in_force(administrator: Visitor, world: World) -> None:
    values = form_values(administrator.get(edit_path(world)).text)
    assert values["valid_from"] == (TODAY + timedelta(days=2)).isoformat()
    rows = [name for name in values if name.endswith("places") and values[name]]
    assert len(rows) == 15
    assert (values["windows-0-starts_at"], values["windows-0-ends_at"]) == ("08.00", "09.00")
    assert "Biasa" in administrator.get(f"/admin/jadwal/{world.offering.id}").text


def test_the_page_says_which_schedules_lead_no_day_any_more(
    administrator: Visitor, world: World, filled: dict[str, str]
) -> None:
    path = f"/admin/jadwal/{world.offering.id}"
    soon = {**filled, "name": "Sementara", "valid_from": (TODAY + timedelta(days=2)).isoformat(), "step": "confirm"}
    until = {"valid_until": (TODAY + timedelta(days=9)).isoformat()}
    assert administrator.post(edit_path(world), {**soon, **until, "reason": "Ramadan"}).status_code == 303
    page = administrator.get(path).text
    assert (page.count("berlaku sekarang"), page.count("tidak berlaku lagi")) == (1, 0), "the usual one comes back"
    for name in ("Baru", "Terbaru"):
        sent = {**soon, "name": name, "valid_from": (TODAY + timedelta(days=1)).isoformat(), "valid_until": ""}
        assert administrator.post(edit_path(world), {**sent, "reason": "Tetap"}).status_code == 303
    page = administrator.get(path).text
    assert re.findall(r"(\w+) <span class=\"pill[^>]*>(\w+)", page) == [("Baru", "tidak"), ("Biasa", "berlaku")]


def test_preview_then_confirm(administrator: Visitor, world: World, filled: dict[str, str]) -> None:
    booking = world.book(NEXT_MONDAY, hour=13)
    change = {**filled, "windows-0-places": "5", "windows-1-ends_at": "9:30", "windows-2-leave_out": "y"}
    preview = administrator.post(edit_path(world), change)
    assert preview.status_code == 200, refusals(preview)
    assert "Satu orang sudah memesan jam yang ditiadakan atau dikurangi" in preview.text
    code = show_code(booking.code)
    assert code in preview.text
    assert "1 tetap karena sudah dipesan" in preview.text
    assert len(world.afresh().scalars(select(Schedule)).all()) == 2  # one for each office

    sent = form_values(preview.text)
    no_reason = administrator.post(edit_path(world), {**change, "step": "confirm", "reason": ""})
    assert no_reason.status_code == 422
    assert "Dampak jadwal baru" in no_reason.text
    answer = administrator.post(edit_path(world), {**change, **sent, "step": "confirm", "reason": "Jam puasa"})
    assert answer.status_code == 303
    assert places(world, NEXT_MONDAY) == {8: 5, 9: 2, 13: 1}  # the booked place stays
    assert places(world, NEXT_MONDAY + timedelta(days=7)) == {8: 5, 9: 2, 13: 0}
    assert places(world, TOMORROW) == {8: 2, 9: 2, 13: 2}
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "schedule.set")).one()
    assert (entry.reason, entry.after["name"]) == ("Jam puasa", "Ramadan")
    assert answer.location == f"/admin/hari/melebihi-tempat/{world.offering.id}"
    too_many = administrator.get(answer.location).text
    assert code in too_many
    assert "ditiadakan" in too_many
    days = administrator.get(f"/admin/hari/{world.offering.id}").text
    assert days.count("1 orang melebihi tempat") == 1
    cancel(world.afresh(), booking.id, now=MONDAY_MORNING)
    world.session.commit()
    assert places(world, NEXT_MONDAY) == {8: 5, 9: 2, 13: 0}
    assert "Setiap orang punya tempat" in administrator.get(answer.location).text
    assert "Ramadan" in administrator.get(f"/admin/jadwal/{world.offering.id}").text


def test_everything_typed_travels_through_the_preview(
    administrator: Visitor, world: World, filled: dict[str, str]
) -> None:
    preview = administrator.post(edit_path(world), {**filled, "windows-0-places": "7"}).text
    hidden = dict(re.findall(r'<input type="hidden" name="((?:name|valid|windows)[^"]*)" value="([^"]*)"', preview))
    assert hidden["windows-0-places"] == "7"
    back = administrator.post(edit_path(world), {**hidden, "step": "edit"})
    assert form_values(back.text)["windows-0-places"] == "7"


def test_more_rows_without_scripts(administrator: Visitor, world: World, filled: dict[str, str]) -> None:
    page = administrator.post(edit_path(world), {**filled, "windows-0-places": "7", "step": "add"}).text
    values = form_values(page)
    assert values["windows-0-places"] == "7"
    assert "windows-24-places" in values


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"windows-0-ends_at": "07.00"}, "windows-0-ends_at"),
        ({"windows-1-starts_at": "08.30"}, "windows-1-starts_at"),
        ({"windows-0-places": ""}, "windows-0-places"),
        ({"windows-0-places": "-1"}, "windows-0-places"),
        ({"windows-0-places": "abc"}, "windows-0-places"),
        ({"windows-0-starts_at": "25.00"}, "windows-0-starts_at"),
        ({"windows-0-starts_at": "²"}, "windows-0-starts_at"),
        ({"windows-0-weekday": "9"}, "windows-0-weekday"),
        ({"windows-0-share": "other"}, "windows-0-share"),
        ({"valid_from": TODAY.isoformat()}, "valid_from"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_until": TOMORROW.isoformat()}, "valid_until"),
        ({"name": ""}, "name"),
    ],
)
def test_a_mistake_is_shown_where_it_is(
    administrator: Visitor, world: World, filled: dict[str, str], change: dict[str, str], field: str
) -> None:
    for step in ("preview", "confirm"):
        answer = administrator.post(edit_path(world), {**filled, **change, "step": step, "reason": "Jam puasa"})
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
    assert len(world.afresh().scalars(select(Schedule)).all()) == 2


def test_services_of_another_office_do_not_exist(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    number = world.offering_there.id
    for path in (f"/admin/jadwal/{number}", f"/admin/jadwal/{number}/ubah"):
        assert visitor.get(path).status_code == 404
    assert visitor.post(f"/admin/jadwal/{number}/ubah", {"step": "confirm"}).status_code == 404
