"""What a citizen meets whose day was closed: the place that is held, and never a dead end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import Booking, Closure, OfficeService, Slot, Ticket
from queue_app.services.booking.offers import lapse_offers
from queue_app.services.calendar.closures import confirm, revoke
from tests.harness.closing import carry_out_all, closed, drafted, offers_of
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of


@pytest.fixture
def booking(world: World) -> Booking:
    return world.book(TOMORROW)


@pytest.fixture
def closure(world: World, booking: Booking) -> Closure:
    return closed(world.afresh(), world.offering, TOMORROW, now=MONDAY_MORNING)


def test_the_ticket_shows_the_place_and_the_three_ways(
    visitor: Visitor, world: World, booking: Booking, closure: Closure
) -> None:
    token = world.token(booking)
    page = visitor.get(f"/t/{token}").text
    said = text_of(page)
    assert "Tidak ada pelayanan pada Selasa, 24 November 2026: Listrik padam. Mohon maaf." in said
    assert "Rabu, 25 November 2026" in said
    assert "Kami simpan sampai Rabu, 25 November 2026 pukul 06.00 WIB." in said, "and not for 48 hours"
    for way in ("terima", "ubah", "batal"):
        assert f'href="/t/{token}/{way}"' in page
        assert visitor.get(f"/t/{token}/{way}").status_code == 200


def test_of_an_earlier_day_page_and_preview_say_so(visitor: Visitor, world: World) -> None:
    thursday = TOMORROW + timedelta(days=2)
    booking = world.book(thursday)
    world.afresh().get_one(OfficeService, world.offering.id).opens_days_before = 3
    world.session.commit()
    draft = drafted(world.session, world.offering, thursday, now=MONDAY_MORNING)
    world.session.commit()
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    preview = text_of(visitor.get(f"/admin/penutupan/{draft.id}").text)
    assert "Satu orang mendapat tempat pengganti, satu pada hari yang lebih awal." in preview
    assert "Rab 25 Nov 2026, 08.00 lebih awal disimpan sampai Rab 25 Nov 2026, 06.00" in preview
    confirm(world.afresh(), draft.id, office_id=world.here.id, actor=TESTER, now=MONDAY_MORNING)
    carry_out_all(world.session, draft, now=MONDAY_MORNING)
    for path in ("", "/terima"):
        said = text_of(visitor.get(f"/t/{world.token(booking)}{path}").text)
        assert "Rabu, 25 November 2026 lebih awal" in said
        assert "Hari ini lebih awal daripada jadwal semula. Kalau Anda tidak dapat datang: sampai Senin, 30" in said
    days = visitor.get(f"/t/{world.token(booking)}/ubah").text
    assert "Jumat, 27 November 2026" in days, "a day that is not open yet"


def test_accepting_gives_the_ticket_of_the_held_place(
    visitor: Visitor, world: World, booking: Booking, closure: Closure
) -> None:
    token = world.token(booking)
    assert "Terima tempat ini?" in visitor.get(f"/t/{token}/terima").text
    answer = visitor.post(f"/t/{token}/terima")
    assert answer.status_code == 303
    page = text_of(visitor.get(answer.location).text)
    assert "Tempat itu sekarang milik Anda." in page
    assert "Rabu, 25 November 2026" in page
    again = visitor.post(f"/t/{token}/terima")
    assert (again.status_code, again.location) == (303, answer.location), "pressed twice it is as good as once"
    assert visitor.get(f"/t/{token}/terima").location == answer.location
    tickets = world.afresh().scalars(select(Ticket).where(Ticket.booking_id == booking.id).order_by(Ticket.id)).all()
    assert [ticket.state for ticket in tickets] == ["rescheduled", "booked"]


def test_choosing_another_releases_the_held_place(
    visitor: Visitor, world: World, booking: Booking, closure: Closure
) -> None:
    token = world.token(booking)
    page = text_of(visitor.get(f"/t/{token}/ubah").text)
    assert "Tempat pengganti yang kami simpan untuk Anda: Rabu, 25 November 2026" in page
    assert "Tempat ini tetap milik Anda" not in page
    wanted = world.slot(TOMORROW + timedelta(days=2), 13).id
    answer = visitor.post(f"/t/{token}/ubah", {"slot_id": wanted})
    assert answer.status_code == 303
    held = world.afresh().get_one(Slot, offers_of(world.session, closure)[0].slot_id)
    assert (held.booked, world.session.get_one(Slot, wanted).booked) == (0, 1)


def test_cancelling_releases_it_too(visitor: Visitor, world: World, booking: Booking, closure: Closure) -> None:
    token = world.token(booking)
    assert visitor.post(f"/t/{token}/batal").status_code == 303
    assert world.afresh().get_one(Slot, offers_of(world.session, closure)[0].slot_id).booked == 0
    page = visitor.get(f"/t/{token}/terima")
    assert page.status_code == 200
    assert "Pesan lagi" in page.text


def test_after_it_lapsed_there_is_still_a_way(
    visitor: Visitor, world: World, booking: Booking, closure: Closure, clock: FixedClock
) -> None:
    token = world.token(booking)
    clock.set(offers_of(world.session, closure)[0].held_until)
    refused = visitor.post(f"/t/{token}/terima")
    assert (refused.status_code, refusals(refused)) == (
        409,
        ["Tempat itu tidak disimpan untuk Anda lagi. Pilih hari atau jam lain."],
    )
    lapse_offers(world.session, now=clock.now())
    world.session.commit()
    page = visitor.get(f"/t/{token}/terima").text
    assert "Tempat itu tidak disimpan lagi" in page
    assert re.search(rf'href="/t/{token}/ubah"[^>]*>\s*Pilih hari atau jam lain', page)
    clock.advance(days=3)
    assert visitor.get(f"/t/{token}/ubah").status_code == 200, "also when the closed day itself is over"


def test_after_revoking_nothing_is_asked_any_more(
    visitor: Visitor, world: World, booking: Booking, closure: Closure
) -> None:
    by = {"office_id": world.here.id, "actor": TESTER, "now": MONDAY_MORNING}
    revoke(world.session, closure.id, reason="Listrik nyala", **by)
    world.session.commit()
    token = world.token(booking)
    assert visitor.post(f"/t/{token}/terima").status_code == 409
    carry_out_all(world.session, closure, now=MONDAY_MORNING)
    page = text_of(visitor.get(f"/t/{token}/terima").text)
    assert "Penutupan dicabut: kantor jadi buka, dan jadwal Anda tetap." in page
    assert "Selasa, 24 November 2026" in text_of(visitor.get(f"/t/{token}").text)


def test_who_has_moved_may_go_back_while_it_is_free(
    visitor: Visitor, world: World, booking: Booking, closure: Closure
) -> None:
    token = world.token(booking)
    moved = visitor.post(f"/t/{token}/terima").location
    by = {"office_id": world.here.id, "actor": TESTER, "now": MONDAY_MORNING}
    revoke(world.afresh(), closure.id, reason="Listrik nyala", **by)
    carry_out_all(world.session, closure, now=MONDAY_MORNING)
    page = text_of(visitor.get(f"{moved}/terima").text)
    assert "Kembali ke jadwal semula?" in page
    assert "Selasa, 24 November 2026" in page
    back = visitor.post(f"{moved}/terima").location
    assert "Selasa, 24 November 2026" in text_of(visitor.get(back).text)


def test_a_ticket_that_no_closure_concerns_leads_to_itself(visitor: Visitor, world: World, booking: Booking) -> None:
    token = world.token(booking)
    assert visitor.get(f"/t/{token}/terima").location == f"/t/{token}"
    assert visitor.post(f"/t/{token}/terima").status_code in (303, 409)
    assert visitor.get("/t/unsinn/terima").status_code == 404
