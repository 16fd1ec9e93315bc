"""Places are given to whole groups at once, by several writers: the same rules hold as for one by one."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import CITIZEN
from queue_app.models import Slot
from queue_app.services.booking import book_many as service
from queue_app.services.booking import claim
from queue_app.services.booking.book import Booked, book_alone
from queue_app.services.booking.book_many import Asked, book_many
from queue_app.services.booking.claim import NewBooking, Stored, store_taken
from queue_app.services.booking.driver import execute
from queue_app.services.booking.request import BookingRequest
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, booked_of, claims, findings, tickets_of, together
from tests.concurrency.test_booking_races import UNGUARDED
from tests.harness.factories import make_applicant, make_request
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
Group = Sequence[BookingRequest]
Result = Booked | DomainError | None
GROUPS = 6


@pytest.fixture
def grouped(clock: FixedClock, keyring: FileKeyring) -> Callable[..., Step]:
    """A step that books for a group; its value is what became of each. ``alone``: who has to ask alone does so."""

    def make(group: Group, *, alone: bool = True) -> Step:
        def again(connection: Connection, request: BookingRequest) -> Result:
            try:
                return book_alone(connection, request, keyring=keyring, now=clock.now())
            except DomainError as refusal:
                return refusal

        def step(connection: Any) -> list[Result]:
            asked = [Asked(request, CITIZEN) for request in group]
            results = book_many(connection, asked, keyring=keyring, now=clock.now())
            if not alone:
                return results
            return [result or again(connection, one) for one, result in zip(group, results, strict=True)]

        return claims(step)

    return make


def ended(results: list[Result]) -> Counter[str]:
    return Counter(
        "booked" if isinstance(one, Booked) else one.code if isinstance(one, DomainError) else "alone"
        for one in results
    )


def test_groups_of_people_and_few_places(app: Flask, opened: Opened, grouped: Any) -> None:
    place = opened(capacity=7)
    first, second = place.slots[0][0], place.slots[1][0]
    groups = [[make_request((first, second)[turn % 2]) for turn in range(8)] for _ in range(GROUPS)]
    results = list(chain.from_iterable(one.value for one in together(app, *(grouped(group) for group in groups))))
    assert ended(results) == {"booked": 14, "slot_full": GROUPS * 8 - 14}
    for slot in (first, second):
        numbers = sorted(r.tickets[0].queue_number for r in results if isinstance(r, Booked) and r.slot_id == slot)
        assert numbers == list(range(numbers[0], numbers[0] + 7))
        assert booked_of(app, slot) == 7
    assert_sound(app)


def test_control_a_group_that_reads_before_it_writes_sells_a_place_twice(
    app: Flask, opened: Opened, grouped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, meeting = opened(capacity=2), Meeting(3)

    def read_then_write(connection: Connection, many: Sequence[NewBooking]) -> list[Stored | None]:
        wanted = {"slot_id": place.slot}
        read = "SELECT booked FROM slot WHERE id = :slot_id"
        booked = execute(connection, read, wanted).fetchone()[0]
        meeting.let_others()
        unconditional = UNGUARDED.format(booked=booked + 1)
        return [store_taken(connection, one, execute(connection, unconditional, wanted).fetchone()) for one in many]

    monkeypatch.setattr(service, "claim_many", read_then_write)
    outcomes = together(app, *(grouped([make_request(place.slot)], alone=False) for _ in range(3)))
    assert sum(isinstance(outcome.value[0], Booked) for outcome in outcomes) == 3
    assert findings(app).keys() == {"I1"}


def test_the_same_people_in_every_group(app: Flask, opened: Opened, grouped: Any) -> None:
    """Each of three asks in all groups for another hour, in another order: the unique index undoes groups of others,
    who get theirs all the same; and nobody waits in a circle.
    """
    place = opened(capacity=30)
    slots = [slot for of_day in place.slots for slot in of_day]
    greedy, chance = [make_applicant() for _ in range(3)], random.Random(11)
    groups = []
    for turn in range(GROUPS):
        group = [make_request(slots[(turn + n) % len(slots)], person) for n, person in enumerate(greedy)]
        group += [make_request(chance.choice(slots)) for _ in range(7)]
        chance.shuffle(group)
        groups.append(group)
    results = [outcome.value for outcome in together(app, *(grouped(group) for group in groups))]
    assert ended(list(chain.from_iterable(results))) == {
        "booked": 3 + 7 * GROUPS,
        "already_booked": 3 * (GROUPS - 1),
    }
    assert len(tickets_of(app)) == sum(booked_of(app, slot) for slot in slots) == 3 + 7 * GROUPS
    assert_sound(app)


def test_the_same_request_in_every_group(app: Flask, opened: Opened, grouped: Any) -> None:
    place = opened(capacity=30)
    only = make_request(place.slot, request_key="the-same")
    groups = [[only, *(make_request(place.slot) for _ in range(3))] for _ in range(GROUPS)]
    results = [outcome.value for outcome in together(app, *(grouped(group, alone=False) for group in groups))]
    codes = {results[turn][0].code for turn in range(GROUPS) if isinstance(results[turn][0], Booked)}
    assert len(codes) == 1
    again = together(app, *(grouped(group) for group in groups))
    assert {outcome.value[0].code for outcome in again} == codes
    assert len(tickets_of(app)) == booked_of(app, place.slot) == 1 + 3 * GROUPS
    assert_sound(app)


def in_turn(keyring: FileKeyring, first: int, second: int) -> Group:
    """Wishes for two slots, the second of which is not wanted before half of the persons have had their turn."""
    people = sorted((make_applicant() for _ in range(50)), key=lambda one: keyring.person_index(one.nik.digits))
    return [make_request(first if n < 25 else second, person) for n, person in enumerate(people)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_groups_of_several_slots_wait_in_no_circle(
    app: Flask, opened: Opened, grouped: Any, keyring: FileKeyring
) -> None:
    """What the control below shows does not come to pass: they take all slots, in order, before the first person."""
    place = opened(capacity=2000, days=2)
    slots = place.slots[0][0], place.slots[1][0]
    for _ in range(20):
        groups = [in_turn(keyring, *slots), in_turn(keyring, *reversed(slots))]
        results = together(app, *(grouped(group, alone=False) for group in groups))
        assert ended(list(chain.from_iterable(one.value for one in results))) == {"booked": 100}
    assert_sound(app)


# Not on the whole server: tests beside this one have databases of their own there, and wait in them.
WAITING_HERE = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""


def booked_meanwhile(app: Flask, grouped: Any, booking: Callable[..., Step], here: Place, there: Place) -> bool:
    """While somebody holds the slot ``there``, a group wants places in both offices: can another one book ``here``?"""
    held, waits, done = threading.Event(), threading.Event(), threading.Event()

    def hold(session: Any) -> bool:
        session.execute(select(Slot.id).where(Slot.id == there.slot).with_for_update(key_share=True))
        held.set()
        while not session.scalar(text(WAITING_HERE)):
            session.execute(text("SELECT pg_stat_clear_snapshot()"))
            assert not done.wait(0.01)
        waits.set()
        return done.wait(3)

    def group(connection: Any) -> Any:
        assert held.wait(10)
        requests = [make_request(slot) for slot in (there.slot, here.slot)]
        return grouped(requests, alone=False)(connection)

    def alone(connection: Any) -> Any:
        assert waits.wait(10)
        result = booking(here.slot, make_applicant())(connection)
        done.set()
        return result

    results = together(app, hold, claims(group), claims(alone))
    assert ended(results[1].value) == {"booked": 2}
    assert_sound(app)
    return bool(results[0].value)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_group_keeps_nobody_waiting_in_one_office_for_another(
    app: Flask, opened: Opened, grouped: Any, booking: Callable[..., Step]
) -> None:
    assert booked_meanwhile(app, grouped, booking, opened(), opened("lain"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_control_a_group_of_two_offices_in_one_transaction_does(
    app: Flask, opened: Opened, grouped: Any, booking: Callable[..., Step], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "_transactions", lambda _connection, many: [list(range(len(many)))])
    assert not booked_meanwhile(app, grouped, booking, opened(), opened("lain"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_control_groups_of_several_slots_wait_in_a_circle(
    app: Flask, opened: Opened, grouped: Any, keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slots taken as their turn comes: PostgreSQL has to end one of two groups that want each other's."""
    place = opened(capacity=2000, days=2)
    first, second = place.slots[0][0], place.slots[1][0]
    monkeypatch.setattr(claim, "_locked_first", lambda _slots: [])
    for _ in range(20):
        groups = [in_turn(keyring, first, second), in_turn(keyring, second, first)]
        outcomes = together(app, *(grouped(group, alone=False) for group in groups), unguarded=True)
        if failures := [outcome.failure for outcome in outcomes if outcome.failure]:
            assert isinstance(failures[0], OperationalError)
            assert "deadlock" in str(failures[0])
            return
    pytest.fail("nobody waited in a circle")
