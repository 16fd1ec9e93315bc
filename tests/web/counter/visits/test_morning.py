"""What a counter shows of what was forgotten: a key that nobody pressed, and an evening without a sweep."""

from __future__ import annotations

import re

from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.services.visits.day_end import end_visits
from tests.harness.at_counters import Officer, arrive, open_counter, visit_of
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, TOMORROW, Visitor, World
from tests.web.citizen import text_of

REMEMBERED = "Bila sudah selesai, pilih hasilnya, lalu tekan Selesai."


def test_a_very_long_service_asks_whether_it_is_over(officer: Officer, world: World, clock: FixedClock) -> None:
    ticket = arrive(world)
    officer.presses("p", "m")
    for minutes, said in ((44, False), (1, True)):
        clock.advance(minutes=minutes)
        officer.visitor.sign_in(world, world.staff(Role.COUNTER), now=clock.now())  # idle for so long, they are out
        assert (REMEMBERED in officer.look()) is said
    assert "Dilayani sejak pukul 09.00. " + REMEMBERED in text_of(officer.look())
    officer.presses("s")
    assert visit_of(world, ticket).outcome is Outcome.DONE


def test_nobody_of_yesterday_blocks_the_counter_in_the_morning(
    visitor: Visitor, world: World, clock: FixedClock
) -> None:
    """The officer has left neither the counter nor the pause, and no sweep has run."""
    open_counter(world)
    staff = world.staff(Role.COUNTER)
    officer = Officer(visitor.sign_in(world, staff))
    officer.presses("1")
    yesterday = arrive(world)
    officer.presses("p", "m")
    officer.visitor.post("/loket/jeda", {"reason": "Salat"})
    clock.advance(days=1)
    visitor.sign_in(world, staff, now=clock.now())
    page = officer.look()
    assert "Pilih loket" in page
    assert "Ditempati" not in page
    assert "Siti Wahyuni" not in page
    assert "A-011" not in page
    today = arrive(world, day=TOMORROW, now=clock.now(), name="Budi Santoso")
    officer.presses("1", "p")
    assert visit_of(world, today).state is VisitState.CALLED
    assert "Budi Santoso" in officer.look()
    assert "Salat" not in officer.shown
    ended = visit_of(world, yesterday)
    assert (ended.state, ended.outcome) == (VisitState.DAY_ENDED, Outcome.UNRECORDED)


def test_who_was_not_served_is_listed_and_offered_a_guaranteed_visit(
    visitor: Visitor, world: World, clock: FixedClock
) -> None:
    open_counter(world)
    desk = visitor.sign_in(world, world.staff(Role.DESK))
    ticket = arrive(world)
    assert "Tidak dilayani" not in text_of(desk.get("/meja/kedatangan").text)
    clock.advance(days=1)
    end_visits(world.afresh(), now=clock.now())
    world.session.commit()
    visitor.sign_in(world, world.staff(Role.DESK), now=clock.now())
    listed = desk.get(f"/meja/kedatangan?tanggal={TODAY}&keadaan=tidak-dilayani").text
    assert "Datang lagi" in text_of(listed)
    offer = re.search(r'href="(/loket/\d+/datang-lagi)"', listed).group(1)
    page = desk.get(offer).text
    assert "A-011, Belum dilayani: hari pelayanan berakhir: tawarkan datang lagi" in text_of(page)
    hour = re.search(r'name="starts_at" type="radio" value="([^"]+)"', page).group(1)
    key = re.search(r'name="request_key"[^>]*value="([^"]+)"', page).group(1)
    assert desk.post(offer, {"starts_at": hour, "request_key": key}).status_code == 307
    assert "datang lagi dengan nomor" in desk.get(offer).text
    other = arrive(world, day=TOMORROW, hour=13, now=clock.now(), name="Budi Santoso")
    assert desk.get(f"/loket/{other.id}/datang-lagi").status_code == 404
    assert visit_of(world, ticket).outcome is Outcome.NOT_SERVED


def test_only_who_sits_at_a_counter_is_led_back_to_it(visitor: Visitor, world: World) -> None:
    open_counter(world)
    desk = visitor.sign_in(world, world.staff(Role.DESK))
    booking = world.book()
    assert "Kembali ke loket" not in desk.get(f"/meja/cetak/{booking.id}").text
    Officer(desk).presses("1")
    assert "Kembali ke loket" in desk.get(f"/meja/cetak/{booking.id}").text
