"""The comparison with the document at the counter, where the desk has not done it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from queue_app.domain.booking import TicketState
from queue_app.models import CheckIn, Ticket, Visit
from queue_app.queries.records.invariants import verify
from queue_app.services.arrivals.check_in import Scan, check_in
from tests.harness.at_counters import Officer, arrive, steps_of, visit_of
from tests.harness.fakes import FixedClock
from tests.harness.office import World
from tests.web.citizen import text_of


def send(officer: Officer, ticket: Ticket, result: str) -> None:
    officer.look()
    answer = officer.press("i", result=result)
    assert answer.status_code == 303


def identity_of(world: World, ticket: Ticket) -> str | None:
    return world.afresh().scalars(select(CheckIn.identity).where(CheckIn.ticket_id == ticket.id)).one()


@pytest.mark.parametrize(("result", "said"), [("matches", "Orangnya cocok"), ("typing_error", "Salah ketik: perbaiki")])
def test_the_warning_has_its_buttons_and_goes_away(officer: Officer, world: World, result: str, said: str) -> None:
    ticket = arrive(world)
    officer.presses("p")
    assert "Identitas belum diperiksa: bandingkan nama dan NIK" in text_of(officer.look())
    assert all(f'value="{value}"' in officer.shown for value in ("matches", "typing_error", "other_person"))
    send(officer, ticket, result)
    assert said in text_of(officer.look())
    assert "belum diperiksa" not in officer.shown
    assert identity_of(world, ticket) == result
    assert visit_of(world, ticket).state == "called"


def test_another_person_leaves_the_counter_and_the_ticket_stays_with_its_owner(
    officer: Officer, world: World, clock: FixedClock
) -> None:
    ticket, behind = arrive(world), arrive(world, name="Budi Santoso")
    officer.presses("p", "u")
    clock.advance(minutes=30)  # whenever it is found out
    send(officer, ticket, "other_person")
    assert officer.notice.startswith("Dicatat: bukan orangnya.")
    assert world.afresh().get(Visit, ticket.id) is None
    assert world.session.get_one(Ticket, ticket.id, populate_existing=True).state is TicketState.BOOKED
    assert steps_of(world, ticket) == []
    officer.presses("p")
    assert visit_of(world, behind).state == "called"
    officer.presses("m", "s")
    # The owner comes, is called, and is served.
    scan = Scan(world.keyring.ticket_token(ticket.id), ticket.office_id, None, "the-owner-comes")
    check_in(world.afresh(), scan, keyring=world.keyring, now=clock.now() + timedelta(minutes=1))
    world.session.commit()
    officer.presses("p", "m", "s")
    assert steps_of(world, ticket) == ["call", "start", "finish"]
    broken = {one.code for one in verify(world.afresh(), keyring=world.keyring, now=clock.now()) if one.breaches}
    assert broken <= {"I8"}  # what is not sealed yet


def test_who_is_being_served_is_not_sent_away_like_that(officer: Officer, world: World) -> None:
    ticket = arrive(world)
    officer.presses("p")
    officer.look()
    address = officer.keys["i"]
    officer.presses("m")
    assert 'value="other_person"' not in officer.look()
    officer.visitor.post(address, {"nonce": "n" * 20, "result": "other_person"})
    assert officer.notice.startswith("Keadaan orang ini sudah berubah.")
    assert visit_of(world, ticket).state == "in_service"
    officer.visitor.post(address, {"nonce": "n" * 20, "result": "nonsense"})
    assert identity_of(world, ticket) is None


def test_nobody_of_another_counter_is_compared_here(officer: Officer, world: World) -> None:
    ticket = arrive(world)
    officer.visitor.post(f"/loket/{ticket.id}/identitas", {"nonce": "n" * 20, "result": "matches"})
    assert identity_of(world, ticket) is None
