"""Several desks and the citizens themselves, at the same moment, about people who are there already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.arrivals import ADMITTING
from queue_app.domain.booking import TicketState
from queue_app.domain.visits import VisitState
from queue_app.models import CheckIn, Ticket
from queue_app.services.arrivals.check_in import Scan, check_in
from queue_app.services.arrivals.taking_back import undo_check_in
from queue_app.services.booking.change import cancel
from queue_app.services.visits.without_counter import step_in_list
from tests.concurrency.conftest import OFFICER, Place
from tests.concurrency.races import Step, assert_sound, tickets_of, together
from tests.harness.factories import make_applicant
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def test_desks_scan_one_code_and_everybody_of_the_party_is_admitted_once(
    app: Flask, opened_today: Opened, giving: Any, clock: FixedClock, keyring: FileKeyring
) -> None:
    place = opened_today(capacity=30)
    for turn in range(3):
        party = together(app, giving(place, *(make_applicant() for _ in range(4)), now=False))[0].value
        typed = [party.code] * 3 + [keyring.ticket_token(ticket.id) for ticket in party.tickets[1:3]]
        steps = [_scanning(place, one, f"{turn}-{desk}", keyring, clock) for desk, one in enumerate(typed)]
        results = [result for outcome in together(app, *steps) for result in outcome.value]
        assert Counter(results) == {"checked_in": 4, "already": 10}
    with app.app_context():
        standing = select(CheckIn.ticket_id).where(CheckIn.result.in_(ADMITTING), CheckIn.undone_at.is_(None))
        assert len(db.session().scalars(standing).all()) == 12
    assert_sound(app)


def test_a_party_that_cancels_while_its_code_is_scanned_comes_or_goes_whole(
    app: Flask, opened_today: Opened, giving: Any, clock: FixedClock, keyring: FileKeyring
) -> None:
    place = opened_today(capacity=40)
    people = sorted((make_applicant() for _ in range(5)), key=lambda one: keyring.person_index(one.nik.digits))
    for turn in range(5):
        # The other way round than they are stored.
        party = together(app, giving(place, *reversed(people), now=False))[0].value
        scan, leaving = together(
            app,
            _scanning(place, party.code, f"{turn}", keyring, clock),
            lambda session, one=party.booking_id: cancel(session, one, now=clock.now()).id,
        )
        states = {ticket.state for ticket in tickets_of(app, Ticket.booking_id == party.booking_id)}
        assert (states, leaving.code) in (
            ({TicketState.CHECKED_IN}, "illegal_transition"),
            ({TicketState.CANCELLED}, None),
        )
        assert len(set(scan.value)) == 1
    assert_sound(app)


def test_who_is_served_while_the_admission_is_taken_back(
    app: Flask, opened_today: Opened, giving: Any, clock: FixedClock
) -> None:
    place = opened_today(capacity=40)
    here = {"office_id": place.office_id, "now": clock.now()}
    for _ in range(5):
        ticket_id = together(app, giving(place))[0].value.tickets[0].id
        served, undone = together(app, _serving(ticket_id, here), _undoing(ticket_id, here))
        assert (served.code, undone.code) in ((None, "illegal_visit_step"), ("not_found", None))
    assert_sound(app)


def _serving(ticket_id: int, here: dict[str, Any]) -> Step:
    return lambda session: step_in_list(session, ticket_id, VisitState.IN_SERVICE, actor=OFFICER, **here).state


def _undoing(ticket_id: int, here: dict[str, Any]) -> Step:
    admission = select(CheckIn.id).where(CheckIn.ticket_id == ticket_id)
    return lambda session: undo_check_in(session, session.scalars(admission).one(), staff_id=1, **here).id


def _scanning(place: Place, typed: str, nonce: str, keyring: FileKeyring, clock: FixedClock) -> Step:
    """A step whose value is the results."""
    scan = Scan(typed, place.office_id, None, nonce)
    return lambda session: [row.result for row in check_in(session, scan, keyring=keyring, now=clock.now())]
