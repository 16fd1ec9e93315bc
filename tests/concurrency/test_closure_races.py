"""A closure is carried out, answered, lapses and is revoked, all at once, while others book."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.closures import OfferState
from queue_app.models import Closure, Offer, OfficeService, OutboxMessage, Slot, Ticket
from queue_app.services.booking import answering, change
from queue_app.services.booking.answering import accept
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.booking.offers import lapse_offers
from queue_app.services.calendar import carrying_out
from queue_app.services.calendar.carrying_out import carry_out
from queue_app.services.calendar.closures import confirm, revoke
from tests.concurrency.conftest import ADMINISTRATOR, Place
from tests.concurrency.races import (
    Interruption,
    Meeting,
    Step,
    assert_sound,
    attempt,
    findings,
    tickets_of,
    together,
    without_row_locks,
)
from tests.harness.closing import drafted
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


@pytest.fixture
def confirmed(app: Flask, clock: FixedClock) -> Callable[[Place], int]:
    """Closes the first day of a place; nobody has heard of it yet."""

    def close(place: Place) -> int:
        with app.app_context(), unit_of_work() as session:
            offering = session.get_one(OfficeService, place.offering_id)
            closure = drafted(session, offering, place.days[0], now=clock.now())
            confirm(session, closure.id, office_id=place.office_id, actor=ADMINISTRATOR, now=clock.now())
            return closure.id

    return close


@pytest.fixture
def carrying(clock: FixedClock) -> Callable[..., Step]:
    return lambda closure_id, limit=2: lambda session: carry_out(session, closure_id, now=clock.now(), limit=limit)


@pytest.fixture
def carried_out(app: Flask, carrying: Any) -> Callable[[int], None]:
    def to_the_end(closure_id: int) -> None:
        with app.app_context():
            while attempt(carrying(closure_id)).value:
                pass

    return to_the_end


def offers_in(app: Flask, closure_id: int) -> list[Offer]:
    with app.app_context():
        return list(db.session().scalars(select(Offer).where(Offer.closure_id == closure_id).order_by(Offer.id)))


def accepting(booking_id: int, now: datetime) -> Step:
    return lambda session: accept(session, booking_id, now=now).id


def lapsing(now: datetime) -> Step:
    return lambda session: lapse_offers(session, now=now)


def revoking(closure_id: int, place: Place, now: datetime) -> Step:
    by = {"office_id": place.office_id, "reason": "Listrik nyala", "actor": ADMINISTRATOR, "now": now}
    return lambda session: revoke(session, closure_id, **by).id


def test_several_schedulers_carry_out_one_closure(
    app: Flask, opened: Opened, booking: Any, confirmed: Any, carrying: Any, carried_out: Any
) -> None:
    """Exactly one offer and one message for each booking, whoever does which of them, and whoever changes meanwhile."""
    place = opened(capacity=12)
    ids = [outcome.value[0] for outcome in together(app, *(booking(place.slot) for _ in range(12)))]
    closure_id = confirmed(place)
    now = app.extensions["clock"].now()
    meanwhile = [lambda session: cancel(session, ids[0], now=now).id]
    meanwhile += [lambda session: reschedule(session, ids[1], place.slots[1][0], now=now).id]
    together(
        app, *(carrying(closure_id) for _ in range(4)), *meanwhile, *(booking(place.slots[1][0]) for _ in range(3))
    )
    carried_out(closure_id)
    offers = offers_in(app, closure_id)
    asked = Counter(offer.booking_id for offer in offers)
    assert set(asked.values()) == {1}
    assert set(ids[2:]) <= asked.keys()
    with app.app_context():
        told = Counter(db.session().scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "day_closed")))
    assert told == asked
    assert_sound(app)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no locks on rows
@pytest.mark.parametrize("names_wait", [False, True], ids=["names go on", "control: names wait"])
def test_an_offer_names_a_slot_that_somebody_else_has_locked(
    app: Flask,
    opened: Opened,
    booking: Any,
    confirmed: Any,
    carrying: Any,
    monkeypatch: pytest.MonkeyPatch,
    names_wait: bool,
) -> None:
    """An offer names the hour that was closed: whoever leaves it holds it, and waits for the hour that is offered."""
    place = opened(capacity=4)
    ids = [together(app, booking(place.slot))[0].value[0] for _ in range(2)]
    closure_id = confirmed(place)
    now, offered = app.extensions["clock"].now(), threading.Event()
    lock_slots = carrying_out.lock_slots

    def lock_and_be_waited_for(session: Session, *which: Any) -> None:
        lock_slots(session, *which)
        offered.set()
        wait_until_somebody_waits(session)

    def leave(session: Session) -> int:
        assert offered.wait(5)
        return reschedule(session, ids[1], place.slots[1][0], now=now).id

    monkeypatch.setattr(carrying_out, "lock_slots", lock_and_be_waited_for)
    if names_wait:
        monkeypatch.setattr(change, "lock_slots", lock_against_names)
    outcomes = together(app, carrying(closure_id, limit=1), leave, unguarded=True)
    failures = [type(outcome.failure) for outcome in outcomes if outcome.failure]
    assert failures == ([OperationalError] if names_wait else [])
    assert_sound(app)


def wait_until_somebody_waits(session: Session) -> None:
    # For this transaction: the same server has the databases of other tests, in which somebody waits now and then.
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    until = monotonic() + 5
    while not session.scalar(waiting) and monotonic() < until:
        sleep(0.02)


def lock_against_names(session: Session, *which: Any) -> None:
    """As if somebody might change the key of a slot: then rows that name it have to wait too."""
    session.execute(select(Slot.id).where(*which).order_by(Slot.id).with_for_update())


def test_control_without_the_lock_of_the_closure_places_are_held_for_nobody(
    app: Flask, opened: Opened, booking: Any, confirmed: Any, carrying: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, meeting = opened(capacity=4), Meeting(2)
    together(app, booking(place.slot))
    closure_id = confirmed(place)
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(carrying_out, "lock_slots", meeting.after(lambda session, *which: None))
    assert all(outcome.won for outcome in together(app, carrying(closure_id), carrying(closure_id)))
    assert len(offers_in(app, closure_id)) == 1
    assert findings(app).keys() == {"I1"}


@pytest.mark.parametrize("turn", range(3))
def test_accept_lapse_revoke_and_somebody_else(
    app: Flask, opened: Opened, booking: Any, confirmed: Any, carried_out: Any, turn: int
) -> None:
    """Whatever comes first: nobody has two places or none, and no place is given twice."""
    place = opened(capacity=4)
    ids = [together(app, booking(place.slot))[0].value[0] for _ in range(4)]
    closure_id = confirmed(place)
    carried_out(closure_id)
    until = offers_in(app, closure_id)[0].held_until
    assert until is not None
    before, after = until - timedelta(seconds=1), until + timedelta(seconds=1)
    steps = [
        *(accepting(booking_id, before) for booking_id in (ids[0], ids[0], ids[1], ids[2])),
        lambda session: cancel(session, ids[1], now=before).id,
        lambda session: reschedule(session, ids[3], place.slots[2][0], now=before).id,
        lapsing(after),
        *(booking(place.slots[1][0]) for _ in range(3)),
    ]
    if turn:
        steps.insert(turn, revoking(closure_id, place, app.extensions["clock"].now()))
    outcomes = together(app, *steps)
    foreseen = {None, "offer_gone", "slot_full", "illegal_transition", "already_booked", "change_closed"}
    assert {outcome.code for outcome in outcomes} <= foreseen
    carried_out(closure_id)
    assert_sound(app)
    standing = Counter(ticket.booking_id for ticket in tickets_of(app, Ticket.state == TicketState.BOOKED))
    assert all(standing[booking_id] == 1 for booking_id in (ids[0], ids[2], ids[3]))
    assert standing[ids[1]] <= 1
    with app.app_context():
        stands = db.session().get_one(Closure, closure_id).state != "revoked"
    states = {offer.state for offer in offers_in(app, closure_id)}
    assert (OfferState.OPEN not in states) if stands else not states & {OfferState.OPEN, OfferState.LAPSED}


def test_control_without_the_lock_of_the_booking_a_place_is_accepted_that_was_given_back(
    app: Flask, opened: Opened, booking: Any, confirmed: Any, carried_out: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened(capacity=4)
    mine = together(app, booking(place.slot))[0].value[0]
    closure_id = confirmed(place)
    carried_out(closure_id)
    until = offers_in(app, closure_id)[0].held_until
    assert until is not None
    lapse = Interruption(app, lapsing(until))
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(answering, "take_held_place", lapse.before(answering.take_held_place))
    assert together(app, accepting(mine, until - timedelta(seconds=1)))[0].won
    assert lapse.outcome.won
    assert findings(app).keys() == {"I1"}
