"""Hours copied between weekdays and from another office: seen first, with a reason, places and all."""

from datetime import timedelta
from typing import Any

import pytest

from queue_app.domain.roles import Role
from tests.harness.factories import make_offering, make_service, slots_of
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

WEEKDAY, OFFICE = "/admin/kalender/salin-hari", "/admin/kalender/salin-kantor"
SATURDAY, SUNDAY = TODAY + timedelta(days=5), TODAY + timedelta(days=6)


def hours_of(world: World, day: Any) -> list[tuple[int, int]]:
    slots = [slot for slot in world.day(day).slots if slot.planned]
    return [(slot.starts_at.hour + 7, slot.planned) for slot in slots]


def test_a_weekday_is_copied_to_others(administrator: Visitor, world: World) -> None:
    sent = {"source": 0, "targets": [5, 6], "services": world.offering.id, "valid_from": TOMORROW.isoformat()}
    preview = administrator.post(WEEKDAY, {**sent, "step": "preview"})
    assert preview.status_code == 200
    assert "Senin–Minggu 08.00–14.00: 6" in text_of(preview.text)
    assert len(refusals(administrator.post(WEEKDAY, {**sent, "step": "confirm"}))) == 1
    done = administrator.post(WEEKDAY, {**sent, "step": "confirm", "reason": "Sabtu dan Minggu buka"})
    assert done.status_code == 303
    assert (
        hours_of(world, SATURDAY) == hours_of(world, SUNDAY) == hours_of(world, TOMORROW) == [(8, 2), (9, 2), (13, 2)]
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"source": 5}, "Tidak satu pun layanan ini punya jam di sana untuk disalin."),
        ({"targets": []}, "Pilih paling sedikit satu hari."),
        (
            {"valid_from": TODAY.isoformat()},
            "Tanggal ini sudah lewat atau terlalu dekat. Jadwal baru paling awal mulai besok.",
        ),
    ],
)
def test_what_cannot_be_copied_is_said(administrator: Visitor, world: World, wrong: dict[str, Any], said: str) -> None:
    sent = {"source": 0, "targets": [5], "services": world.offering.id, "valid_from": TOMORROW.isoformat(), **wrong}
    answer = administrator.post(WEEKDAY, {**sent, "step": "preview"})
    assert (answer.status_code, refusals(answer)) == (422, [said])


def test_chosen_services_take_the_hours_of_another_office(administrator: Visitor, world: World) -> None:
    """What the other one does not give stays as it is."""
    session = world.afresh()
    other = make_service(session, "IKD")
    here = make_offering(session, world.here, other, now=MONDAY_MORNING, hours=(10,), letter="B")
    make_offering(session, world.there, other, now=MONDAY_MORNING, hours=(7, 8), capacity=5, letter="B")
    session.commit()
    sent = {"office": world.there.id, "services": here.id, "valid_from": TOMORROW.isoformat(), "reason": "Disamakan"}
    assert administrator.post(OFFICE, {**sent, "step": "preview"}).status_code == 200
    assert administrator.post(OFFICE, {**sent, "step": "confirm"}).status_code == 303
    found = [(slot.starts_at.hour + 7, slot.planned) for slot in _slots(world, here) if slot.planned]
    assert found == [(7, 5), (8, 5)]
    assert hours_of_first(world) == [(8, 2), (9, 2), (13, 2)]


def test_an_office_where_one_does_not_work_gives_nothing(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert "Anda bekerja di satu kantor saja." in visitor.get(OFFICE).text
    sent = {"office": world.there.id, "services": world.offering.id, "valid_from": TOMORROW.isoformat()}
    assert visitor.post(OFFICE, {**sent, "step": "preview"}).status_code == 422


def _slots(world: World, offering: Any) -> list[Any]:
    return slots_of(world.afresh(), offering, TOMORROW)


def hours_of_first(world: World) -> list[tuple[int, int]]:
    return [(slot.starts_at.hour + 7, slot.planned) for slot in _slots(world, world.offering)]
