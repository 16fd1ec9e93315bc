"""Everybody books at once: places, persons, parties, repeated requests and queue numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Select, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.models import ServiceDay, Slot, Ticket
from queue_app.services.booking import book as booking_service
from queue_app.services.booking import places, statements
from queue_app.services.booking.change import cancel
from queue_app.services.booking.claim import NewBooking, Stored, store_taken
from queue_app.services.booking.driver import execute
from tests.concurrency.conftest import Place
from tests.concurrency.races import (
    Meeting,
    assert_sound,
    booked_of,
    findings,
    in_parallel,
    tickets_of,
    together,
    without_row_locks,
)
from tests.harness.factories import make_applicant
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
UNGUARDED = """
    UPDATE slot SET booked = {booked}, next_number = next_number + 1 WHERE id = :slot_id
    RETURNING id, office_id, service_id, day, starts_at, next_number - 1
"""


def test_forty_people_and_five_places(app: Flask, opened: Opened, booking: Any) -> None:
    place = opened(capacity=5)
    outcomes = together(app, *(booking(place.slot) for _ in range(40)))
    numbers = sorted(outcome.value[2][0] for outcome in outcomes if outcome.won)
    assert numbers == list(range(numbers[0], numbers[0] + 5))
    assert Counter(outcome.code for outcome in outcomes) == {None: 5, "slot_full": 35}
    assert_sound(app)


def test_control_reading_before_writing_sells_a_place_twice(
    app: Flask, opened: Opened, booking: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, meeting = opened(capacity=2), Meeting(6)

    def read_then_write(connection: Connection, new: NewBooking) -> Stored | None:
        wanted = {"slot_id": new.slot_id}
        booked, capacity = execute(
            connection, "SELECT booked, capacity FROM slot WHERE id = :slot_id", wanted
        ).fetchone()
        if booked >= capacity:
            return None
        meeting.let_others()
        unconditional = UNGUARDED.format(booked=booked + 1)
        return store_taken(connection, new, execute(connection, unconditional, wanted).fetchone())

    monkeypatch.setattr(booking_service, "claim_alone", read_then_write)
    outcomes = together(app, *(booking(place.slot) for _ in range(6)))
    assert sum(outcome.won for outcome in outcomes) == 6
    assert findings(app).keys() == {"I1"}


def test_one_person_at_twenty_desks_gets_one_ticket(app: Flask, opened: Opened, booking: Any) -> None:
    places = [opened(slug, capacity=3) for slug in ("sragen", "gemolong")]
    slots = [slot for place in places for of_day in place.slots for slot in of_day]
    citizen = make_applicant()
    outcomes = together(app, *(booking(slots[turn % len(slots)], citizen) for turn in range(20)))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "already_booked": 19}
    assert sum(booked_of(app, slot) for slot in slots) == 1
    assert_sound(app)


def test_control_without_the_index_a_person_gets_several(
    app: Flask, opened: Opened, booking: Any, without_index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, citizen = opened(capacity=3), make_applicant()
    monkeypatch.setattr(booking_service, "look", Meeting(5).after(booking_service.look))
    with without_index("uq_ticket_active_person_index"):
        outcomes = together(app, *(booking(slot, citizen) for slot in (*place.slots[0], *place.slots[1], place.slot)))
        assert sum(outcome.won for outcome in outcomes) == 5
        assert findings(app).keys() == {"I3", "I17"}


@pytest.mark.parametrize("capacity", [1, 5])
def test_a_repeated_request_books_once_and_always_gets_its_code(
    app: Flask, opened: Opened, booking: Any, capacity: int
) -> None:
    """Also when the request itself took the last place: it must not be told that the slot is full, by itself."""
    place, citizen = opened(capacity=capacity), make_applicant()
    for day in place.slots:
        step = booking(day[0], make_applicant(), request_key=f"key-{day[0]}")
        outcomes = together(app, *(step for _ in range(20 if day is place.slots[0] else 8)))
        assert len({outcome.value[1] for outcome in outcomes}) == 1
        assert booked_of(app, day[0]) == 1
    assert together(app, booking(place.slots[0][1], citizen))[0].won
    assert_sound(app)


def test_control_without_its_key_a_repeated_request_is_refused_or_booked_again(
    app: Flask, opened: Opened, booking: Any, without_index: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, citizen = opened(capacity=9), make_applicant()
    monkeypatch.setattr(booking_service, "look", Meeting(4).after(booking_service.look))
    assert Counter(o.code for o in together(app, *(booking(place.slot, citizen) for _ in range(4)))) == {
        None: 1,
        "already_booked": 3,
    }
    citizen = make_applicant()
    with without_index("uq_ticket_active_person_index"):
        monkeypatch.undo()
        monkeypatch.setattr(booking_service, "look", Meeting(4).after(booking_service.look))
        outcomes = together(app, *(booking(place.slot, citizen) for _ in range(4)))
        assert len({outcome.value[1] for outcome in outcomes}) == 4


def test_parties_come_whole_or_not_at_all(app: Flask, opened: Opened, booking: Any) -> None:
    place = opened(capacity=7)
    parties = [[make_applicant() for _ in range(2 + turn % 2)] for turn in range(16)]
    outcomes = together(app, *(booking(place.slot, *party) for party in parties))
    taken = [len(party) for party, outcome in zip(parties, outcomes, strict=True) if outcome.won]
    assert {outcome.code for outcome in outcomes} == {None, "slot_full"}
    assert booked_of(app, place.slot) == sum(taken) == len(tickets_of(app))
    assert sum(taken) in {6, 7}
    for outcome in outcomes:
        if outcome.won:
            numbers = outcome.value[2]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert_sound(app)


def _swapped_families(booking: Any, place: Place) -> list[Any]:
    """Two families that name the same people in opposite order, in different slots: no row in common but the index."""
    people = sorted((make_applicant() for _ in range(4)), key=lambda applicant: applicant.nik.digits)
    return [booking(place.slots[0][0], *people), booking(place.slots[1][0], *reversed(people))]


def _slow_down_tickets(session: Session) -> None:
    """PostgreSQL only: each ticket of a party takes its time, so that two parties are sure to overlap."""
    session.execute(
        text(
            "CREATE OR REPLACE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END'"
        )
    )
    session.execute(text("CREATE TRIGGER slow BEFORE INSERT ON ticket FOR EACH ROW EXECUTE FUNCTION take_time()"))


@pytest.fixture
def slow_tickets(session: Session) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        yield False  # one writer at a time: nobody can wait in a circle
        return
    _slow_down_tickets(session)
    session.commit()
    yield True
    session.execute(text("DROP TRIGGER slow ON ticket"))
    session.commit()


def test_families_that_name_the_same_people_do_not_wait_in_a_circle(
    app: Flask, opened: Opened, booking: Any, slow_tickets: bool
) -> None:
    place = opened(capacity=20)
    for _ in range(4):
        outcomes = together(app, *_swapped_families(booking, place))
        assert Counter(outcome.code for outcome in outcomes) == {None: 1, "already_booked": 1}
    assert_sound(app)


def test_control_families_stored_as_typed_wait_in_a_circle(
    app: Flask, opened: Opened, booking: Any, slow_tickets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not slow_tickets:
        return
    place = opened(capacity=20)
    as_typed = statements.postgresql_statement().replace("ORDER BY person.person_index", "ORDER BY person.position")
    monkeypatch.setattr(statements, "postgresql_statement", lambda: as_typed)
    monkeypatch.setattr(booking_service, "look", Meeting(2).after(booking_service.look))
    outcomes = together(app, *_swapped_families(booking, place), unguarded=True)
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    assert len(failures) == 1
    assert isinstance(failures[0], OperationalError)
    assert "deadlock" in str(failures[0])


def test_numbers_stay_unique_when_a_block_runs_out(app: Flask, opened: Opened, booking: Any, clock: FixedClock) -> None:
    """Cancelling uses numbers up: blocks of ten (for two places) run out again and again, in two slots of one day."""
    place = opened(capacity=2)

    def book_and_cancel(slot_id: int) -> Any:
        def actor(do: Any) -> None:
            won = 0
            while won < 5:
                outcome = do(booking(slot_id))
                if outcome.won:
                    won += 1
                    do(lambda session, booked=outcome.value[0]: cancel(session, booked, now=clock.now()))

        return actor

    in_parallel(app, *(book_and_cancel(slot_id) for slot_id in place.slots[0] for _ in range(3)))
    numbers = [ticket.queue_number for ticket in tickets_of(app)]
    assert len(numbers) == len(set(numbers)) == 30
    assert not tickets_of(app, Ticket.state == TicketState.BOOKED)
    assert_sound(app)


def test_control_numbers_read_before_they_are_taken_come_twice(
    app: Flask, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, meeting = opened(capacity=50), Meeting(2)

    def read_then_write(session: Session, service_day_id: int, size: int) -> int:
        first = session.scalars(select(ServiceDay.next_block).where(ServiceDay.id == service_day_id)).one()
        meeting.wait(session)
        session.execute(update(ServiceDay).where(ServiceDay.id == service_day_id).values(next_block=first + size))
        return first

    with app.app_context(), db.engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(Slot).values(next_number=Slot.last_number + 1))
    steps = [lambda session, slot=slot: places.claim_places(session, slot, 1)[-1] for slot in place.slots[0]]
    monkeypatch.setattr(places, "take_numbers", read_then_write)
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    outcomes = together(app, *steps)
    assert len({outcome.value for outcome in outcomes}) == 1
