"""What clients were told, each line on the disk before the client counts it as seen."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from queue_app.db import db
from queue_app.domain.booking import TicketState
from queue_app.domain.tickets import show_code, show_number
from queue_app.models import Booking, Ticket
from tests.harness.factories import make_nik

Fact = tuple[str, str]  # a booking's code and queue number, as the API shows them


class Ledger:
    """The record of one client. What stands in it has happened, whatever becomes of the server."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab", buffering=0)

    def write(self, **entry: Any) -> None:
        self._file.write(json.dumps(entry).encode() + b"\n")

    def keep(self, **entry: Any) -> None:
        """Write what was heard; it is on the disk when this returns."""
        self.write(**entry)
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


@dataclass
class Account:
    """All ledgers of a trial together; keys are those that clients sent as Idempotency-Key."""

    sent: dict[str, int] = field(default_factory=dict)  # for which person
    acknowledged: dict[str, set[Fact]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[str, str] = field(default_factory=dict)
    cancelling: set[str] = field(default_factory=set)  # codes whose cancellation was asked for
    cancelled: set[str] = field(default_factory=set)
    failures: list[dict[str, Any]] = field(default_factory=list)  # answers that no rule foresees

    @property
    def unanswered(self) -> set[str]:
        return self.sent.keys() - self.acknowledged.keys() - self.refused.keys()

    @property
    def codes(self) -> set[str]:
        return {code for facts in self.acknowledged.values() for code, _number in facts}


@dataclass(frozen=True)
class Stored:
    """A booking of one person, as it is in the database; ``person``: None when nobody of the crowd is meant."""

    person: int | None
    code: str
    numbers: tuple[str, ...]
    states: tuple[TicketState, ...]

    @property
    def fact(self) -> Fact:
        return self.code, self.numbers[-1]


def read_ledgers(folder: Path) -> Account:
    account = Account()
    for entry in _entries(folder):
        match entry:
            case {"sent": key, "person": person}:
                account.sent[key] = person
            case {"acknowledged": key, "code": code, "number": number}:
                account.acknowledged[key].add((code, number))
            case {"refused": key, "reason": reason}:
                account.refused[key] = reason
            case {"cancelling": code}:
                account.cancelling.add(code)
            case {"cancelled": code}:
                account.cancelled.add(code)
            case _:
                account.failures.append(entry)
    return account


def read_bookings(app: Flask, account: Account) -> list[Stored]:
    index = app.extensions["keyring"].person_index
    people = {index(make_nik(person).digits): person for person in set(account.sent.values())}
    found: dict[str, Stored] = {}
    with app.app_context():
        rows = db.session().execute(
            select(Booking.code, Ticket.person_index, Ticket.letter, Ticket.queue_number, Ticket.state)
            .join(Ticket, Ticket.booking_id == Booking.id)
            .order_by(Ticket.id)
        )
        for stored, person_index, letter, number, state in rows:
            code, person = show_code(stored), people.get(person_index)
            before = found.get(code, Stored(person, code, (), ()))
            numbers = (*before.numbers, show_number(letter, number))
            found[code] = Stored(person, code, numbers, (*before.states, state))
        db.session.remove()
    return list(found.values())


def compare(app: Flask, folder: Path) -> tuple[Account, list[Stored]]:
    """Nothing acknowledged is lost or doubled, nothing is stored that nobody asked for. Nobody wants two bookings."""
    account = read_ledgers(folder)
    stored = read_bookings(app, account)
    assert not account.failures, account.failures[:5]
    two_answers = {key: facts for key, facts in account.acknowledged.items() if len(facts) != 1}
    assert not two_answers, f"one request, several answers: {two_answers}"
    by_code = {booking.code: booking for booking in stored}
    lost = [
        (key, (code, number))
        for key, facts in account.acknowledged.items()
        for code, number in facts
        if code not in by_code or by_code[code].person != account.sent[key] or number not in by_code[code].numbers
    ]
    assert not lost, f"{len(lost)} acknowledged bookings are not in the database: {lost[:5]}"
    phantoms = [booking for booking in stored if booking.person is None]
    assert not phantoms, f"{len(phantoms)} are stored that nobody asked for: {phantoms[:5]}"
    doubled = len(stored) - len({booking.person for booking in stored})
    assert not doubled, f"{doubled} people were booked twice"
    kept = {booking.code for booking in stored if booking.states[-1] is TicketState.BOOKED}
    assert not (kept & account.cancelled), "a cancellation was acknowledged and is not stored"
    assert not (by_code.keys() - kept - account.cancelling), "cancelled, but nobody asked for it"
    return account, stored


def _entries(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            yield json.loads(line)
