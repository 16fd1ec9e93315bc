"""A closure is carried out, answered, lapses and is revoked, all at once, while others book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select

from queue_app.db import db, unit_of_work
from queue_app.domain.booking import TicketState
from queue_app.domain.closures import OfferState
from queue_app.models import Closure, Offer, OfficeService, OutboxMessage, Ticket
from queue_app.services.booking import answering
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
