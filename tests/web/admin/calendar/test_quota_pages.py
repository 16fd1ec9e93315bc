"""One day's quota: preview, reason, refusal, undo; closing and reopening; the list of days."""

import re
from datetime import time

import pytest
from sqlalchemy import select

from queue_app.domain.calendar import Share
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Slot
from tests.harness.closing import closed
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

REASON = "Alat rekam tambahan"


def quota_path(world: World) -> str:
    return f"/admin/hari/kuota/{world.day().id}"


def capacities(world: World) -> list[int]:
    return [slot.capacity for slot in sorted(world.day().slots, key=lambda slot: slot.starts_at)]


def entries(world: World, action: str) -> list[AuditEntry]:
    return list(world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def confirm(visitor: Visitor, world: World, quota: int, reason: str = REASON) -> object:
    return visitor.post(quota_path(world), {"step": "confirm", "quota": quota, "reason": reason})


def test_the_list_of_days_tells_quota_and_what_is_left(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW)
    page = administrator.get(f"/admin/hari/{world.offering.id}").text
    row = re.search(r"Sel 24 Nov.*?</tr>", page, re.S).group(0)
    assert re.findall(r">(\d+)</td>", row) == ["6", "1", "0", "5", "0"]
    assert "hari ini" in page
    assert administrator.get(f"/admin/hari/{world.offering.id}?mulai=nonsense").status_code == 200
    assert "Tidak ada hari" in administrator.get(f"/admin/hari/{world.offering.id}?mulai=2000-01-01").text


def test_the_preview_shows_each_window_and_changes_nothing(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW, hour=9)
    page = administrator.post(quota_path(world), {"step": "preview", "quota": 3})
    assert page.status_code == 200
    assert "Kuota 6 menjadi 3" in page.text
    assert "2 tempat masih dapat dipesan" in page.text
    assert capacities(world) == [2, 2, 2]
    assert entries(world, "day.quota") == []


def test_the_hours_that_a_closure_took_are_named_with_its_reason(administrator: Visitor, world: World) -> None:
    assert "Jam yang ditutup" not in administrator.get(quota_path(world)).text
    closed(world.session, world.offering, TOMORROW, now=MONDAY_MORNING, hours=(time(9), time(10)))
    world.session.commit()
    shown = text_of(administrator.get(quota_path(world)).text)
    assert re.search(r"Jam yang ditutup: 09\.00–10\.00: Listrik padam", shown)
    assert "08.00–09.00:" not in shown


def test_confirming_changes_the_day_and_is_audited(administrator: Visitor, world: World) -> None:
    answer = confirm(administrator, world, 9)
    assert answer.status_code == 303
    assert capacities(world) == [3, 3, 3]
    (entry,) = entries(world, "day.quota")
    assert (entry.before, entry.after["quota"], entry.reason) == ({"quota": 6}, 9, REASON)
    assert entry.actor.startswith("staff:")
    assert REASON in administrator.get(answer.location).text


def test_the_shares_that_stay_as_they_are_are_shown(administrator: Visitor, world: World) -> None:
    assert "jatah lain" not in administrator.get(quota_path(world)).text
    public = world.slot(TOMORROW, 13)
    other = {name: getattr(public, name) for name in ("office_id", "service_id", "day", "starts_at", "ends_at")}
    numbers = {"next_number": 201, "last_number": 204, "planned": 4, "capacity": 4, "booked": 0}
    world.session.add(Slot(service_day_id=public.service_day_id, share=Share.ASSISTED, **other, **numbers))
    world.session.commit()
    page = text_of(administrator.get(quota_path(world)).text)
    assert "Kuota umum sekarang 6, 0 di antaranya sudah dipesan." in page
    assert "Halaman ini tidak mengubahnya" in page
    assert "Dampingan: 4 tempat, 0 sudah dipesan" in page
    assert "Prioritas" not in page


def test_a_missing_reason_is_asked_for_by_its_name(administrator: Visitor, world: World) -> None:
    for reason in ("", "x"):
        (said,) = refusals(confirm(administrator, world, 9, reason))
        assert said == "Tulis alasannya, supaya kelak jelas mengapa ini diubah."


def test_what_was_done_to_a_day_is_told_in_words(administrator: Visitor, world: World) -> None:
    closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)
    row = text_of(re.findall(r"<tr.*?</tr>", administrator.get(quota_path(world)).text, re.S)[-1])
    assert row.endswith("buka ditutup Listrik padam")


def test_without_a_reason_nothing_happens_and_the_number_stays(administrator: Visitor, world: World) -> None:
    for reason in ("", "  ", "x", "Untuk 3314990101900001"):
        answer = confirm(administrator, world, 9, reason)
        assert answer.status_code == 422
        assert 'name="quota" value="9"' in answer.text
        assert refusals(answer)
        assert "3314990101900001" not in "".join(refusals(answer))
    assert capacities(world) == [2, 2, 2]


@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_never_below_what_is_booked(administrator: Visitor, world: World, step: str) -> None:
    world.book(TOMORROW, hour=8)
    world.book(TOMORROW, hour=9)
    answer = administrator.post(quota_path(world), {"step": step, "quota": 1, "reason": REASON})
    assert answer.status_code == 422
    assert refusals(answer) == ["Sudah ada 2 tempat yang dipesan. Kuota tidak dapat lebih kecil dari itu."]
    assert capacities(world) == [2, 2, 2]


@pytest.mark.parametrize("quota", ["", "-1", "5001", "abc", "9" * 30, "1.5", "\0"])
def test_only_a_sensible_number(administrator: Visitor, world: World, quota: str) -> None:
    answer = administrator.post(quota_path(world), {"step": "preview", "quota": quota})
    assert answer.status_code == 422
    assert refusals(answer)


def test_a_change_can_be_taken_back(administrator: Visitor, world: World) -> None:
    confirm(administrator, world, 9)
    page = administrator.get(quota_path(world)).text
    assert "Kembalikan ke kuota sebelumnya: 6" in page
    preview = administrator.post(quota_path(world), {"step": "preview", "quota": 6}).text
    assert "Kuota 9 menjadi 6" in preview
    confirm(administrator, world, 6, "Alat rusak")
    assert capacities(world) == [2, 2, 2]
    assert len(entries(world, "day.quota")) == 2


def test_days_of_another_office_do_not_exist(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))  # of this office only
    day_id = world.day(offering=world.offering_there).id
    there = world.offering_there.id
    for page in (f"kuota/{day_id}", f"tutup/{day_id}", f"terdampak/{day_id}", f"buka/{day_id}", there, "9" * 30):
        assert visitor.get(f"/admin/hari/{page}").status_code == 404
    change = {"step": "confirm", "quota": 99, "reason": REASON, "reason_id": REASON}
    for page in ("kuota", "buka"):
        assert visitor.post(f"/admin/hari/{page}/{day_id}", change).status_code == 404
    assert all(slot.capacity == 2 for slot in world.day(offering=world.offering_there).slots)
