"""However many guess at once, in however many threads and processes: no more come through than are allowed."""

from __future__ import annotations

import multiprocessing.forkserver
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.attempts import LOG_IN_EVERYWHERE, LOG_IN_NAME, LOG_IN_NETWORK
from queue_app.models import AttemptCount
from queue_app.services.access import attempts
from queue_app.services.access.attempts import Attempt, attempt
from tests.concurrency.guessing_process import guess_many
from tests.concurrency.races import Meeting, Step, together
from tests.harness.fakes import FixedClock

PROCESSES, GUESSES = 4, 12


def guessing(clock: FixedClock, *wanted: Attempt) -> Step:
    return lambda session: attempts.take(session, wanted, now=clock.now())


def through(outcomes: Any) -> Counter[str | None]:
    return Counter(outcome.code for outcome in outcomes)


def test_of_many_guesses_at_one_name_five_come_through(app: Flask, keyring: FileKeyring, clock: FixedClock) -> None:
    own = attempt(LOG_IN_NAME, "192.0.2.1", "siti", keyring=keyring, username="siti")
    network = attempt(LOG_IN_NETWORK, "192.0.2.1", keyring=keyring)
    outcomes = together(app, *[guessing(clock, network, own)] * 16)
    assert through(outcomes) == {None: 5, "too_many_attempts": 11}
    others = [attempt(LOG_IN_NAME, "192.0.2.1", name, keyring=keyring) for name in "abcdefghijklmnopqrst"]
    outcomes = together(app, *(guessing(clock, network, one) for one in others))
    assert through(outcomes) == {None: 15, "too_many_attempts": 5}, "of those refused none counts for the network"


def test_after_the_clock_was_set_back_one_comes_through(app: Flask, keyring: FileKeyring, clock: FixedClock) -> None:
    own = attempt(LOG_IN_NAME, "192.0.2.1", "siti", keyring=keyring, username="siti")
    together(app, *[guessing(clock, own)] * 6)
    clock.advance(hours=-5)
    assert through(together(app, *[guessing(clock, own)] * 12)) == {None: 1, "too_many_attempts": 11}


def test_many_names_and_networks_at_once_never_wait_for_each_other_in_a_circle(
    app: Flask, keyring: FileKeyring, clock: FixedClock
) -> None:
    steps = [
        guessing(
            clock,
            attempt(LOG_IN_NETWORK, network, keyring=keyring),
            attempt(LOG_IN_NAME, network, name, keyring=keyring, username=name),
            attempt(LOG_IN_EVERYWHERE, name, keyring=keyring, username=name),
        )
        for network in ("192.0.2.1", "192.0.2.2", "192.0.2.3")
        for name in ("siti", "budi", "rina", "tono")
    ]
    assert through(together(app, *steps, *reversed(steps))) == {None: 24}


def test_control_read_first_and_written_later_more_come_through(
    app: Flask, keyring: FileKeyring, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = attempt(LOG_IN_NAME, "192.0.2.1", "siti", keyring=keyring, username="siti")
    together(app, *[guessing(clock, own)] * 4)  # one is left
    meeting = Meeting(4)

    def read_then_write(session: Session, wanted: tuple[Attempt, ...], *, now: Any) -> None:
        attempts.ask(session, wanted, now=now)
        meeting.wait(session)
        (one,) = wanted
        row = session.get_one(AttemptCount, one.key)
        row.full_at = one.rule.allowance.taken(row.full_at, int(now.timestamp() * 1000)) or row.full_at

    monkeypatch.setattr(attempts, "take", read_then_write)
    assert through(together(app, *[guessing(clock, own)] * 4)) == {None: 4}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("addresses", "allowed"),
    [(["192.0.2.1"] * PROCESSES * GUESSES, 5), ([f"192.0.2.{n}" for n in range(PROCESSES * GUESSES)], 20)],
    ids=["one-network", "many-networks"],
)
def test_workers_do_not_multiply_what_is_allowed(
    app: Flask, settings: Settings, addresses: list[str], allowed: int
) -> None:
    multiprocessing.set_forkserver_preload(["tests.concurrency.guessing_process"])
    context = multiprocessing.get_context("forkserver")
    start, results = context.Barrier(PROCESSES), context.Queue()
    shares = [addresses[number::PROCESSES] for number in range(PROCESSES)]
    processes = [
        context.Process(target=guess_many, args=(settings.instance, settings.database_url, share, start, results))
        for share in shares
    ]
    for process in processes:
        process.start()
    answers = sum((results.get(timeout=120) for _ in processes), Counter[int]())
    for process in processes:
        process.join(30)
        assert process.exitcode == 0
    assert answers == {422: allowed, 429: PROCESSES * GUESSES - allowed}
