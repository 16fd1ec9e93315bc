"""Thousands at the opening, and one person who presses the button a hundred times."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.concurrency.races import assert_sound, booked_of, findings
from tests.faults.clients import Answer, Client, Wish
from tests.faults.conftest import BESIDE, LANE, Trial
from tests.faults.ledger import compare, read_bookings, read_ledgers

PEOPLE, PLACES, CLIENTS = 2_000, 50, 64
FEWER = 500  # people are enough to show what happens without the guard
PRESSES = 100
Opened = Callable[..., list[int]]


def rush(trial: Trial, wishes: list[Wish]) -> Counter[str]:
    """Return how often each answer came, "booked" among them."""
    answers = trial.crowd.do([partial(Client.insist, wish=one) for one in wishes], CLIENTS)
    return Counter("booked" if answer.booked else str(answer.code) for answer in answers)


@pytest.mark.parametrize("way", [LANE, BESIDE], indirect=True)
def test_two_thousand_people_and_fifty_places(opened: Opened, trial: Any, wish: Callable[..., Wish]) -> None:
    (slot,) = opened(capacity=PLACES)
    with trial() as running:
        assert rush(running, [wish(slot) for _ in range(PEOPLE)]) == {"booked": PLACES, "slot_full": PEOPLE - PLACES}
    account, stored = compare(running.app, running.crowd.folder)
    assert len(account.codes) == len(stored) == len({booking.fact[1] for booking in stored}) == PLACES
    assert booked_of(running.app, slot) == PLACES
    assert_sound(running.app)


def test_control_without_the_guard_the_same_rush_sells_places_twice(
    opened: Opened, trial: Any, wish: Callable[..., Wish]
) -> None:
    (slot,) = opened(capacity=PLACES)
    with trial("tests.faults.unguarded") as running:
        answers = rush(running, [wish(slot) for _ in range(FEWER)])
    stored = read_bookings(running.app, read_ledgers(running.crowd.folder))
    assert answers["booked"] == len(stored) > PLACES
    assert findings(running.app).keys() == {"I1"}


def test_one_person_presses_the_button_a_hundred_times(opened: Opened, trial: Any, wish: Callable[..., Wish]) -> None:
    first, second, third = opened(capacity=1, hours=(8, 9, 10))
    with trial() as running:

        def ask(*wishes: Wish) -> list[Answer]:
            return running.crowd.do([partial(Client.insist, wish=one) for one in wishes], CLIENTS)

        # Each time as a new request: what stops them is the rule of one active booking, or that the slot is full.
        answers = ask(*(wish((first, second)[turn % 2], person=1_000_000) for turn in range(PRESSES)))
        codes = Counter(answer.code for answer in answers)
        assert codes.pop(None) == 1
        assert codes.keys() <= {"already_booked", "slot_full"}
        # The same request each time, which takes the last place itself: nobody may be told that the slot is full, by
        # their own booking; not even when all others hear it.
        only = wish(third)
        answers = ask(*[only] * PRESSES)
        assert {answer.code for answer in ask(*(wish(third) for _ in range(CLIENTS)))} == {"slot_full"}
        answers += ask(*[only] * PRESSES)
        assert {answer.code for answer in answers} == {None}
        assert len({json.dumps(answer.body, sort_keys=True) for answer in answers}) == 1
    _account, stored = compare(running.app, running.crowd.folder)
    assert len(stored) == 2
    assert sorted(booked_of(running.app, slot) for slot in (first, second, third)) == [0, 1, 1]
    assert_sound(running.app)


def test_a_repeated_request_is_not_told_that_the_place_it_got_is_gone(
    opened: Opened, trial: Any, wish: Callable[..., Wish]
) -> None:
    """A worker that has just heard "full" must not say so to somebody who got the place from another one meanwhile."""
    (slot,) = opened(capacity=1)
    with trial() as running:

        def ask(*wishes: Wish) -> list[Answer]:
            return running.crowd.do([partial(Client.insist, wish=one) for one in wishes], CLIENTS)

        def give_back_and_take(client: Client) -> Answer:
            assert client.cancel(first.body["code"], first.body["token"]).status == 200
            while not (answer := client.insist(second)).booked:
                time.sleep(0.02)
            return answer

        (first,) = ask(wish(slot))
        for _ in range(2):  # the second time each worker knows
            assert {answer.code for answer in ask(*(wish(slot) for _ in range(CLIENTS)))} == {"slot_full"}
        second = wish(slot)
        (taken,) = running.crowd.do([give_back_and_take], 1)
        assert {(answer.code, answer.body.get("code")) for answer in ask(*[second] * CLIENTS)} == {
            (None, taken.body["code"])
        }
    compare(running.app, running.crowd.folder)
    assert_sound(running.app)
