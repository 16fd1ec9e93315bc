"""People are let in by whole groups at once, by several writers and beside the desks: nobody twice, nobody lost."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.booking import TicketState
from queue_app.models import CheckIn, Slot, Ticket
from queue_app.services.arrivals import check_in as service
from queue_app.services.arrivals.check_in import Scan, Scanned, check_in, check_in_many
from queue_app.services.booking.change import cancel
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, claims, findings, tickets_of, together
from tests.harness.fakes import FixedClock

GROUPS, PEOPLE = 5, 12


@pytest.fixture
def door(app: Flask, opened: Callable[..., Place], booking: Any, clock: FixedClock) -> Place:
    """With people who have booked the day before, and stand at the door."""
    place = opened(capacity=40)
    with app.app_context():
        starts_at = db.session().get_one(Slot, place.slot).starts_at
    clock.set(starts_at - timedelta(days=1))
    assert all(one.won for one in together(app, *(booking(place.slot) for _ in range(PEOPLE))))
    clock.set(starts_at)
    return place


@pytest.fixture
def arriving(door: Place, clock: FixedClock, keyring: FileKeyring) -> Callable[..., Step]:
    """A step that lets the owners of several tickets in; its value is what became of each scan."""

    def make(tickets: Sequence[int], nonce: str) -> Step:
        def step(connection: Any) -> list[ScanResult | None]:
            scans = [_scan(door, keyring, ticket, f"{nonce}-{number}") for number, ticket in enumerate(tickets)]
            found = check_in_many(connection, scans, keyring=keyring, now=clock.now())
            return [one.result if isinstance(one, Scanned) else None for one in found]

        return claims(step)

    return make


def _scan(place: Place, keyring: FileKeyring, ticket_id: int, nonce: str) -> Scan:
    return Scan(keyring.ticket_token(ticket_id), place.office_id, None, nonce)


def test_the_same_people_in_every_group(app: Flask, arriving: Any) -> None:
    ids, chance = [ticket.id for ticket in tickets_of(app)], random.Random(11)
    groups = [chance.sample(ids, len(ids)) for _ in range(GROUPS)]
    outcomes = together(app, *(arriving(group, f"nonce-{turn}") for turn, group in enumerate(groups)))
    results = Counter(chain.from_iterable(outcome.value for outcome in outcomes))
    assert results[ScanResult.CHECKED_IN] == PEOPLE
    assert results.keys() <= {ScanResult.CHECKED_IN, ScanResult.ALREADY, None}
    assert _standing(app) == PEOPLE
    assert_sound(app)


def test_the_same_scans_in_every_group(app: Flask, arriving: Any) -> None:
    """Whoever comes second is undone by the unique index with the whole group, and has harmed nobody."""
    ids = [ticket.id for ticket in tickets_of(app)]
    outcomes = together(app, *(arriving(ids, "the-same") for _ in range(GROUPS)))
    results = Counter(chain.from_iterable(outcome.value for outcome in outcomes))
    assert results[ScanResult.CHECKED_IN] == PEOPLE
    assert _standing(app) == PEOPLE
    assert_sound(app)


def test_one_ticket_twice_in_a_group(app: Flask, arriving: Any) -> None:
    first, *_ = [ticket.id for ticket in tickets_of(app)]
    (outcome,) = together(app, arriving([first, first], "nonce"))
    assert outcome.value == [ScanResult.CHECKED_IN, None]
    assert_sound(app)


def test_beside_desks_and_people_who_cancel(
    app: Flask, door: Place, arriving: Any, keyring: FileKeyring, clock: FixedClock
) -> None:
    tickets = tickets_of(app)
    ids = [ticket.id for ticket in tickets]
    clock.set(clock.now() - timedelta(minutes=5))  # the hour has not begun: they may still give it back

    def scanning(ticket_id: int) -> Step:
        scan = _scan(door, keyring, ticket_id, f"desk-{ticket_id}")
        return lambda session: check_in(session, scan, keyring=keyring, now=clock.now())[0].result

    leaving = [
        lambda session, booking_id=ticket.booking_id: cancel(session, booking_id, now=clock.now()).id
        for ticket in tickets[:4]
    ]
    together(app, arriving(ids, "one"), arriving(ids[::-1], "two"), *map(scanning, ids[::3]), *leaving)
    states = Counter(ticket.state for ticket in tickets_of(app))
    assert states.keys() <= {TicketState.CHECKED_IN, TicketState.CANCELLED}
    assert states[TicketState.CHECKED_IN] == _standing(app) >= PEOPLE - 4
    assert_sound(app)


def test_control_without_the_state_in_the_condition_groups_let_in_twice(
    app: Flask, arriving: Any, without_index: Any, admit_anyway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting(2)
    admit_anyway(visit=False)  # its key stops them too
    monkeypatch.setattr(service, "store_scans_alone", meeting.before(service.store_scans_alone))
    ids = [ticket.id for ticket in tickets_of(app)]
    with without_index("uq_check_in_admitted_ticket"):
        outcomes = together(app, arriving(ids, "one"), arriving(ids, "two"))
        results = Counter(chain.from_iterable(outcome.value for outcome in outcomes))
        assert results == {ScanResult.CHECKED_IN: 2 * PEOPLE}
        assert findings(app).keys() == {"I5", "I11"}


def _standing(app: Flask) -> int:
    """Admissions that nobody took back, of as many tickets."""
    with app.app_context():
        session: Session = db.session()
        admitted = select(func.count()).where(CheckIn.result.in_(ADMITTING), CheckIn.undone_at.is_(None))
        count = session.scalars(admitted).one()
        assert (
            count
            == session.scalars(
                select(func.count()).select_from(Ticket).where(Ticket.state == TicketState.CHECKED_IN)
            ).one()
        )
        return count
