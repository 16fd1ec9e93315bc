"""Attempts in the table: the statement is the rule, and rows do not stay for long."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.attempts import LOG_IN_EVERYWHERE, LOG_IN_NAME, LOG_IN_NETWORK
from queue_app.domain.errors import NotFound, TooManyAttempts
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Role
from queue_app.models import AttemptCount
from queue_app.services.access import attempts
from queue_app.services.access.attempts import Attempt, attempt
from tests.harness.factories import TESTER, make_office, make_staff
from tests.harness.fakes import MONDAY_MORNING, FixedClock


def at_name(keyring: Keyring, name: str = "siti", network: str = "192.0.2.1") -> Attempt:
    return attempt(LOG_IN_NAME, network, name, keyring=keyring, username=name)


def take(session: Session, clock: FixedClock, *wanted: Attempt) -> int:
    """Seconds to wait; 0 for an attempt that was let through."""
    try:
        attempts.take(session, wanted, now=clock.now())
    except TooManyAttempts as refusal:
        session.rollback()
        return refusal.details["retry_after"]
    session.commit()
    return 0


def full_at(session: Session) -> int | None:
    return session.scalar(select(AttemptCount.full_at).execution_options(populate_existing=True))


def test_the_statement_does_what_the_rule_says(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    chance, allowance = random.Random(25), LOG_IN_NAME.allowance
    for _step in range(400):
        forwards = chance.choice((0, 0, 0, 1, 30, 240, 3000))
        clock.advance(seconds=-chance.choice((10, 90, 7200)) if chance.random() < 0.1 else forwards)
        before, instant = full_at(session), int(clock.now().timestamp() * 1000)
        waits = take(session, clock, at_name(keyring))
        assert waits == -(-allowance.wait(before, instant) // 1000)
        assert full_at(session) == (allowance.taken(before, instant) or before)


def test_of_several_rules_none_counts_what_another_one_refuses(
    session: Session, keyring: Keyring, clock: FixedClock
) -> None:
    for _ in range(5):
        assert not take(session, clock, at_name(keyring))
    network = attempt(LOG_IN_NETWORK, "192.0.2.1", keyring=keyring)
    assert take(session, clock, network, at_name(keyring)) == 240
    assert session.scalar(select(func.count()).select_from(AttemptCount)) == 1
    with pytest.raises(TooManyAttempts):
        attempts.ask(session, [network, at_name(keyring)], now=clock.now())
    attempts.ask(session, [network], now=clock.now())


def test_nobody_can_be_read_out_of_the_table(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    take(session, clock, at_name(keyring))
    row = session.scalars(select(AttemptCount)).one()
    for stored in (bytes(row.counted), bytes(row.account or b"")):
        assert len(stored) == 32
        assert b"siti" not in stored
    assert row.counted != row.account


def test_success_gives_back_and_begins_afresh(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    network, own = attempt(LOG_IN_NETWORK, "192.0.2.1", keyring=keyring), at_name(keyring)
    for _ in range(5):
        take(session, clock, network, own)
    attempts.give_back(session, [network])
    attempts.forget(session, [own])
    session.commit()
    assert [take(session, clock, own) for _ in range(6)] == [0] * 5 + [240]
    assert [bool(take(session, clock, network)) for _ in range(17)] == [False] * 16 + [True]


def test_an_administrator_allows_new_attempts_wherever_they_came_from(
    session: Session, keyring: Keyring, clock: FixedClock, audited
) -> None:
    siti = make_staff(session, make_office(session), Role.DESK, now=clock.now(), username="siti")
    session.commit()
    everywhere = attempt(LOG_IN_EVERYWHERE, "siti", keyring=keyring, username="siti")
    for number in range(10):
        take(session, clock, at_name(keyring, network=f"192.0.2.{number}"), everywhere)
    take(session, clock, at_name(keyring, "budi"))
    assert attempts.slowed(session, [siti], keyring=keyring, now=clock.now()) == {siti.id}
    attempts.allow_again(session, siti.id, keyring=keyring, actor=TESTER, now=clock.now())
    assert attempts.slowed(session, [siti], keyring=keyring, now=clock.now()) == set()
    assert session.scalar(select(func.count()).select_from(AttemptCount)) == 1, "budi's"
    assert audited()[-1].action == "staff.attempts_allowed"
    with pytest.raises(NotFound):
        attempts.allow_again(session, 999, keyring=keyring, actor=TESTER, now=clock.now())


def test_one_slip_is_not_worth_a_word(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    siti = make_staff(session, make_office(session), Role.DESK, now=clock.now(), username="siti")
    take(session, clock, at_name(keyring))
    assert not attempts.slowed(session, [siti], keyring=keyring, now=clock.now())


def test_what_has_no_effect_any_more_goes(session: Session, keyring: Keyring, clock: FixedClock) -> None:
    take(session, clock, at_name(keyring, "old"))
    clock.advance(minutes=4)
    take(session, clock, at_name(keyring, "young"))
    assert attempts.purge(session, now=clock.now()) == 1
    assert attempts.purge(session, now=clock.now()) == 0
    clock.set(MONDAY_MORNING - timedelta(days=3))  # the clock was days ahead
    assert attempts.purge(session, now=clock.now()) == 1


def test_a_storm_of_names_does_not_fill_the_disk(
    session: Session, keyring: Keyring, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MOST_ROWS", 10)
    for _ in range(3):
        take(session, clock, at_name(keyring, "tried.often"))
    for number in range(30):
        clock.advance(milliseconds=1)
        take(session, clock, at_name(keyring, f"name{number}"))
    assert attempts.purge(session, now=clock.now()) == 21
    assert session.scalar(select(func.count()).select_from(AttemptCount)) == 10
    assert [take(session, clock, at_name(keyring, "tried.often")) for _ in range(3)] == [0, 0, 240]
