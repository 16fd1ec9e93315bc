"""Two desks, a citizen who cancels, and the clock want the same ticket at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.booking import TicketState
from queue_app.domain.roles import Role
from queue_app.domain.tickets import show_code
from queue_app.models import CheckIn, Office, Slot, Staff, Ticket
from queue_app.services.arrivals import check_in as desk
from queue_app.services.arrivals import no_shows, taking_back
from queue_app.services.booking.change import cancel
from tests.concurrency.conftest import Place
from tests.concurrency.races import Interruption, Meeting, Step, assert_sound, findings, tickets_of, together
from tests.harness.factories import make_staff
from tests.harness.fakes import FixedClock


@pytest.fixture
def place(opened: Callable[..., Place], app: Flask, clock: FixedClock) -> Place:
    place = opened(capacity=30)
    together(
        app, lambda session: make_staff(session, session.get_one(Office, place.office_id), Role.DESK, now=clock.now())
    )
    return place


@pytest.fixture
def code(app: Flask, place: Place, booking: Any, clock: FixedClock) -> Callable[[], str]:
    """Books the first slot, the day before, and gives the code."""

    def book_the_day_before() -> str:
        now = clock.now()
        clock.set(_starts_at(app, place) - timedelta(days=1))
        outcome = together(app, booking(place.slot))[0]
        clock.set(now)
        return show_code(outcome.value[1])

    return book_the_day_before


@pytest.fixture
def scanning(place: Place, clock: FixedClock, keyring: FileKeyring) -> Callable[[str, str], Step]:
    """A step whose value is (id, result) of the scan."""

    def make(typed: str, nonce: str) -> Step:
        def step(session: Session) -> tuple[int, ScanResult]:
            staff_id = session.scalars(select(Staff.id)).one()
            scan = desk.Scan(typed, place.office_id, staff_id, nonce)
            (row,) = desk.check_in(session, scan, keyring=keyring, now=clock.now())
            return row.id, row.result

        return step

    return make


@pytest.fixture
def undoing(place: Place, clock: FixedClock) -> Callable[[int], Step]:
    def make(check_in_id: int) -> Step:
        def step(session: Session) -> int:
            by = {"office_id": place.office_id, "staff_id": session.scalars(select(Staff.id)).one()}
            return taking_back.undo_check_in(session, check_in_id, **by, now=clock.now()).id

        return step

    return make


@pytest.fixture
def at_the_door(app: Flask, place: Place, clock: FixedClock) -> None:
    clock.set(_starts_at(app, place))


@pytest.mark.usefixtures("at_the_door")
def test_of_two_desks_one_admits(app: Flask, code: Any, scanning: Any) -> None:
    for turn in range(5):
        typed = code()
        outcomes = together(app, *(scanning(typed, f"{turn}-{desk}") for desk in range(4)))
        assert Counter(outcome.value[1] for outcome in outcomes) == {ScanResult.CHECKED_IN: 1, ScanResult.ALREADY: 3}
    assert_sound(app)


@pytest.mark.usefixtures("at_the_door")
def test_one_scan_sent_twice_at_once_is_one_scan(app: Flask, code: Any, scanning: Any) -> None:
    for turn in range(4):
        typed = code() if turn else "00000000"  # the first one is unknown: that answer is kept as well
        outcomes = together(app, *(scanning(typed, f"nonce-{turn}") for _ in range(5)))
        assert len({outcome.value for outcome in outcomes}) == 1
        assert _scans(app) == turn + 1
    assert_sound(app)


@pytest.mark.usefixtures("at_the_door")
def test_control_without_the_state_in_the_condition_two_desks_admit(
    app: Flask, code: Any, scanning: Any, without_index: Any, admit_anyway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed, meeting = code(), Meeting(2)
    admit_anyway(visit=False)  # its key stops them too
    monkeypatch.setattr(desk, "store_scan", meeting.before(desk.store_scan))
    with without_index("uq_check_in_admitted_ticket"):
        outcomes = together(app, scanning(typed, "one"), scanning(typed, "two"))
        assert [outcome.value[1] for outcome in outcomes] == [ScanResult.CHECKED_IN] * 2
        assert findings(app).keys() == {"I5", "I11"}


@pytest.mark.usefixtures("at_the_door")
def test_control_the_index_alone_stops_the_second_desk_with_a_failure(
    app: Flask, code: Any, scanning: Any, admit_anyway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed, meeting = code(), Meeting(2)
    admit_anyway()
    monkeypatch.setattr(desk, "store_scan", meeting.before(desk.store_scan))
    outcomes = together(app, scanning(typed, "one"), scanning(typed, "two"), unguarded=True)
    assert sum(isinstance(outcome.failure, IntegrityError) for outcome in outcomes) == 1


@pytest.mark.usefixtures("at_the_door")
def test_control_without_its_nonce_a_repeated_scan_is_two_scans(app: Flask, code: Any, scanning: Any) -> None:
    typed = code()
    together(app, scanning(typed, "one"), scanning(typed, "another"))
    assert _scans(app) == 2


@pytest.mark.usefixtures("at_the_door")
def test_undone_twice_and_scanned_again_at_once(app: Flask, code: Any, scanning: Any, undoing: Any) -> None:
    """The second undo must not take back the admission that followed the first one."""
    for turn in range(6):
        typed = code()
        first = together(app, scanning(typed, f"{turn}"))[0].value[0]
        outcomes = together(
            app, undoing(first), undoing(first), scanning(typed, f"{turn}-a"), scanning(typed, f"{turn}-b")
        )
        admitted = sum(outcome.value[1] in ADMITTING for outcome in outcomes[2:])
        ticket, state = tickets_of(app)[-1], TicketState.CHECKED_IN if admitted else TicketState.BOOKED
        assert (ticket.state, _standing(app, ticket.id)) == (state, admitted)
    assert_sound(app)


@pytest.mark.usefixtures("at_the_door")
def test_control_an_undo_from_a_stale_reading_takes_back_the_wrong_admission(
    app: Flask, code: Any, scanning: Any, undoing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = code()
    first = together(app, scanning(typed, "first"))[0].value[0]

    def undo_and_scan_again(session: Session) -> None:
        undoing(first)(session)
        scanning(typed, "second")(session)

    meanwhile = Interruption(app, undo_and_scan_again)
    read = Session.get
    monkeypatch.setattr(Session, "get", lambda self, table, key, **_options: read(self, table, key))  # takes no lock
    monkeypatch.setattr(taking_back, "end_visit", meanwhile.before(taking_back.end_visit))
    assert together(app, undoing(first))[0].won
    assert meanwhile.outcome.won
    assert [(ticket.state, _standing(app, ticket.id)) for ticket in tickets_of(app)] == [(TicketState.BOOKED, 1)]


def test_who_arrives_while_the_day_is_wound_up_is_admitted(
    app: Flask, place: Place, code: Any, scanning: Any, clock: FixedClock
) -> None:
    for turn in range(5):
        typed = code()
        clock.set(_ends_at(app, place) + timedelta(minutes=1))
        scan, *sweeps = together(app, scanning(typed, f"late-{turn}"), sweeping(clock), sweeping(clock))
        assert scan.value[1] is ScanResult.LATE
        assert sum(sweep.value for sweep in sweeps) <= 1
        assert tickets_of(app)[-1].state is TicketState.CHECKED_IN
    assert_sound(app)


def test_control_a_sweep_that_does_not_look_again_voids_who_has_arrived(
    app: Flask, place: Place, code: Any, scanning: Any, clock: FixedClock, admit_anyway: Any, monkeypatch: Any
) -> None:
    typed, meeting = code(), Meeting(2)
    clock.set(_ends_at(app, place) + timedelta(minutes=1))
    admit_anyway()
    monkeypatch.setattr(desk, "store_scan", meeting.before(desk.store_scan))
    monkeypatch.setattr(no_shows, "step_ticket", meeting.before(step_anyway))
    assert all(outcome.won for outcome in together(app, scanning(typed, "late"), sweeping(clock)))
    assert findings(app).keys() - {"I11"} == {"I5"}


def test_who_cancels_on_a_closed_day_while_being_scanned(
    app: Flask, place: Place, code: Any, scanning: Any, closing_day: Any, clock: FixedClock
) -> None:
    """Turned away, with the one reason or the other; and the place comes back in any case."""
    typed = [code() for _ in range(6)]
    together(app, closing_day(place.day_ids[0]))
    clock.set(_starts_at(app, place) - timedelta(minutes=10))
    for turn, ticket in enumerate(tickets_of(app)):
        scan, leaving = together(
            app,
            scanning(typed[turn], f"{turn}"),
            lambda session, booking_id=ticket.booking_id: cancel(session, booking_id, now=clock.now()).id,
        )
        assert (scan.value[1], leaving.code) in {
            (ScanResult.DAY_CLOSED, None),
            (ScanResult.CANCELLED, None),
        }
    assert_sound(app)


def sweeping(clock: FixedClock) -> Step:
    return lambda session: no_shows.mark_no_shows(session, now=clock.now())


def step_anyway(session: Session, ticket: Ticket, _before: Any, after: TicketState, *, now: Any) -> bool:
    """`step_ticket` without the state in its condition."""
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(state=after, state_since=now))
    return True


def _starts_at(app: Flask, place: Place) -> Any:
    with app.app_context():
        return db.session().get_one(Slot, place.slot).starts_at


def _ends_at(app: Flask, place: Place) -> Any:
    with app.app_context():
        return db.session().scalars(select(func.max(Slot.ends_at)).where(Slot.service_day_id == place.day_ids[0])).one()


def _scans(app: Flask) -> int:
    with app.app_context():
        return db.session().scalars(select(func.count()).select_from(CheckIn)).one()


def _standing(app: Flask, ticket_id: int) -> int:
    """Admissions of a ticket that nobody took back."""
    standing = select(func.count()).where(CheckIn.ticket_id == ticket_id, CheckIn.result.in_(ADMITTING))
    with app.app_context():
        return db.session().scalars(standing.where(CheckIn.undone_at.is_(None))).one()
