"""People in an hour that the schedule has dropped: from their list by one press into a closure of just those hours."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_code
from queue_app.models import Booking, Closure, OfficeService, OutboxMessage
from queue_app.services.booking.change import cancel
from queue_app.services.booking.places import set_capacity
from tests.harness.closing import carry_out_all, offers_of
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import TOMORROW, Visitor, World
from tests.web.citizen import text_of

BUTTON = "Tawarkan tempat lain"


def listed(world: World, offering: OfficeService | None = None) -> str:
    return f"/admin/hari/melebihi-tempat/{(offering or world.offering).id}"


def plan(world: World, hour: int, places: int) -> None:
    set_capacity(world.afresh(), world.slot(TOMORROW, hour).id, places)
    world.session.commit()


def closures(world: World) -> list[Closure]:
    return list(world.afresh().scalars(select(Closure).execution_options(populate_existing=True)))


@pytest.fixture
def dropped(world: World) -> Booking:
    """Booked at one, which is dropped."""
    booking = world.book(TOMORROW, hour=13)
    plan(world, 13, 0)
    return booking


def test_one_press_a_look_and_everybody_is_told(administrator: Visitor, world: World, dropped: Booking) -> None:
    stays = world.book(TOMORROW, hour=8)
    assert BUTTON in administrator.get(listed(world)).text
    pressed = administrator.post(f"{listed(world)}/tawarkan")
    assert pressed.status_code == 303
    preview = text_of(administrator.get(pressed.location).text)
    assert "jam yang ditiadakan" in preview
    assert "Satu orang sudah memesan dan terdampak." in preview
    assert "Satu jam kedatangan satu layanan ditutup." in preview
    assert "Jam pelayanan berubah" in preview
    assert show_code(dropped.code) in preview
    assert show_code(stays.code) not in preview
    assert administrator.post(f"{pressed.location}/mulai").status_code == 303
    (closure,) = closures(world)
    carry_out_all(world.session, closure, now=MONDAY_MORNING)
    assert [one.booking_id for one in offers_of(world.session, closure)] == [dropped.id]
    assert [world.slot(TOMORROW, hour).accepts for hour in (8, 9, 13)] == [True, True, False]
    assert "Setiap orang punya tempat" in administrator.get(listed(world)).text


def test_its_ticket_says_that_the_hour_is_gone_and_offers_the_other_place(
    administrator: Visitor, world: World, dropped: Booking
) -> None:
    before = text_of(administrator.get(f"/t/{world.token(dropped)}").text)
    assert "ditiadakan" not in before
    draft = administrator.post(f"{listed(world)}/tawarkan").location
    administrator.post(f"{draft}/mulai")
    carry_out_all(world.afresh(), closures(world)[0], now=MONDAY_MORNING)
    page = text_of(administrator.get(f"/t/{world.token(dropped)}").text)
    assert "Jam ini ditiadakan" in page
    assert "Jam pelayanan berubah" in page
    assert "Kantor tutup" not in page
    assert "Tempat pengganti untuk Anda" in page


def test_the_draft_stays_one_of_dropped_hours_when_it_is_changed(
    administrator: Visitor, world: World, dropped: Booking
) -> None:
    draft = administrator.post(f"{listed(world)}/tawarkan").location
    form = administrator.get(f"{draft}/ubah").text
    assert "Hanya jam yang sudah ditiadakan dari jadwal" in form
    changed = {"first_day": TOMORROW.isoformat(), "only_dropped": "y", "reason_id": "Bulan Ramadan"}
    administrator.post(f"{draft}/ubah", {**changed, "services": [world.offering.service_id]})
    (closure,) = closures(world)
    assert (closure.only_dropped, closure.reason_id) == (True, "Bulan Ramadan")
    assert administrator.post(f"{listed(world)}/tawarkan").location == draft, "pressed again it is the same draft"
    administrator.post(f"{draft}/mulai")
    revoke = administrator.get(f"{draft}/cabut").text
    assert "hanya kalau jadwal memuatnya lagi" in revoke
    administrator.post(f"{draft}/cabut", {"reason": "Jam itu ada lagi"})
    page = administrator.get(draft).text
    assert "Penutupan dicabut, dan yang terdampak diberi tahu." in page


def test_those_in_an_hour_that_was_cut_are_told_that_they_may_move(
    administrator: Visitor, world: World, clock: FixedClock
) -> None:
    plan(world, 9, 3)
    first, called, last = (world.book(TOMORROW) for _ in range(3))
    world.afresh().get_one(Booking, last.id).email = b"sealed"
    world.session.commit()
    plan(world, 9, 1)
    page = administrator.get(listed(world)).text
    assert show_code(last.code) in page
    assert show_code(first.code) not in page
    assert BUTTON not in page
    assert "tetap melayani semua" in page
    assert "Satu pemesanan tanpa email: telepon" in page
    assert "tanpa email, telepon" in page
    assert f"/meja/orang/{called.tickets[0].id}" in page
    assert f"/meja/orang/{last.tickets[0].id}" in page
    assert "Beri tahu satu pemesanan" in page
    told = administrator.post(f"{listed(world)}/beri-tahu")
    assert told.location == listed(world)
    page = text_of(administrator.get(told.location).text)
    assert "Satu pemesanan diberi tahu." in page
    assert "Semua yang punya email sudah diberi tahu bahwa mereka boleh pindah." in page
    administrator.post(f"{listed(world)}/beri-tahu")
    assert "Tidak ada yang perlu diberi tahu." in text_of(administrator.get(told.location).text)
    kinds = select(OutboxMessage.booking_id).where(OutboxMessage.kind == MessageKind.HOUR_CUT)
    assert list(world.afresh().scalars(kinds)) == [last.id]


def test_pressed_when_the_last_of_them_has_just_left(administrator: Visitor, world: World, dropped: Booking) -> None:
    cancel(world.afresh(), dropped.id, now=MONDAY_MORNING)
    world.session.commit()
    pressed = administrator.post(f"{listed(world)}/tawarkan")
    assert pressed.location == listed(world)
    assert "Setiap orang punya tempat" in administrator.get(pressed.location).text
    assert closures(world) == []


def test_nobody_else_drafts_it(visitor: Visitor, world: World, dropped: Booking) -> None:
    visitor.sign_in(world, world.staff(Role.DESK))
    assert visitor.post(f"{listed(world)}/tawarkan").status_code == 403
    assert visitor.post(f"{listed(world)}/beri-tahu").status_code == 403
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))  # of this office only
    assert visitor.post(f"{listed(world, world.offering_there)}/tawarkan").status_code == 404
    assert visitor.post(f"{listed(world, world.offering_there)}/beri-tahu").status_code == 404
    assert closures(world) == []
