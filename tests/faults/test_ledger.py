"""What compares ledgers with the database sees each kind of damage; else the trials would prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from queue_app.db import unit_of_work
from queue_app.domain.clock import SystemClock
from queue_app.domain.tickets import show_code, show_number
from queue_app.services.booking.change import cancel
from tests.faults.ledger import Fact, Ledger, compare
from tests.harness.factories import make_applicant, make_booking


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "one.jsonl")


@pytest.fixture
def slot(opened: Callable[..., list[int]]) -> int:
    return opened(capacity=5)[0]


@pytest.fixture
def stored(app: Flask, clock: SystemClock, slot: int) -> Fact:
    """A booking of person 1: its code and queue number as shown."""
    with app.app_context(), unit_of_work() as session:
        keyring = app.extensions["keyring"]
        booking = make_booking(session, slot, make_applicant(1), keyring=keyring, now=clock.now())
        return show_code(booking.code), show_number("A", booking.tickets[0].queue_number)


def test_a_true_ledger(app: Flask, ledger: Ledger, stored: Fact, tmp_path: Path) -> None:
    ledger.write(sent="k", person=1)
    ledger.write(sent="never stored", person=2)
    ledger.keep(acknowledged="k", code=stored[0], number=stored[1])
    account, found = compare(app, tmp_path)
    assert account.unanswered == {"never stored"}
    assert [booking.fact for booking in found] == [stored]


@pytest.mark.parametrize(("code", "number", "person"), [("7KX9-2MQA", None, 1), (None, "A-099", 1), (None, None, 2)])
def test_what_was_acknowledged_is_not_there(
    app: Flask, ledger: Ledger, stored: Fact, tmp_path: Path, code: str | None, number: str | None, person: int
) -> None:
    ledger.write(sent="k", person=person)
    ledger.write(sent="other", person=1)
    ledger.keep(acknowledged="k", code=code or stored[0], number=number or stored[1])
    with pytest.raises(AssertionError, match="not in the database"):
        compare(app, tmp_path)


def test_nobody_asked_for_it(app: Flask, ledger: Ledger, stored: Fact, tmp_path: Path) -> None:
    ledger.write(sent="k", person=2)
    with pytest.raises(AssertionError, match="nobody asked for"):
        compare(app, tmp_path)


def test_two_answers_to_one_request(app: Flask, ledger: Ledger, stored: Fact, tmp_path: Path) -> None:
    ledger.write(sent="k", person=1)
    for code in (stored[0], "7KX9-2MQA"):
        ledger.keep(acknowledged="k", code=code, number=stored[1])
    with pytest.raises(AssertionError, match="several answers"):
        compare(app, tmp_path)


def test_one_person_booked_twice(
    app: Flask, ledger: Ledger, slot: int, stored: Fact, tmp_path: Path, clock: SystemClock
) -> None:
    keyring, now = app.extensions["keyring"], clock.now()
    with app.app_context(), unit_of_work() as session:
        booking = make_booking(session, slot, make_applicant(2), keyring=keyring, now=now)
        cancel(session, booking.id, now=now)
        make_booking(session, slot, make_applicant(2), keyring=keyring, now=now)
    ledger.write(sent="k", person=1)
    ledger.write(sent="l", person=2)
    with pytest.raises(AssertionError, match="booked twice"):
        compare(app, tmp_path)


@pytest.mark.parametrize(("really", "entry", "complaint"), [(False, "cancelled", "not stored"), (True, "", "nobody")])
def test_a_cancellation_that_is_wrong(
    app: Flask,
    ledger: Ledger,
    stored: Fact,
    tmp_path: Path,
    clock: SystemClock,
    really: bool,
    entry: str,
    complaint: str,
) -> None:
    ledger.write(sent="k", person=1)
    if entry:
        ledger.keep(**{entry: stored[0]})
    if really:
        with app.app_context(), unit_of_work() as session:
            cancel(session, 1, now=clock.now())
    with pytest.raises(AssertionError, match=complaint):
        compare(app, tmp_path)


def test_an_answer_that_no_rule_foresees(app: Flask, ledger: Ledger, tmp_path: Path) -> None:
    ledger.keep(failed="k", status=500)
    with pytest.raises(AssertionError, match="500"):
        compare(app, tmp_path)
