"""Two administrators who set one office up at the same moment, and one who moves its hours while people book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Select, select

from queue_app.db import db, unit_of_work
from queue_app.domain.catalogue import Category
from queue_app.domain.keyring import Keyring
from queue_app.models import OfficeService, Slot, Ticket
from queue_app.queries.calendar.offices import services_of
from queue_app.services.booking.book import book_alone
from queue_app.services.setup import names, offered
from queue_app.services.setup.names import move_offering
from queue_app.services.setup.offered import change_letter, offer_services
from queue_app.services.setup.zone import change_zone
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, claims, together, without_row_locks
from tests.harness.factories import TESTER, make_applicant, make_request
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def offering_services(place: Place, clock: FixedClock, *codes: str) -> Step:
    by = {"actor": TESTER, "now": clock.now()}
    return lambda session: len(offer_services(session, place.office_id, codes, **by))


def letters(app: Flask) -> list[str]:
    with app.app_context():
        return sorted(db.session().scalars(select(OfficeService.letter)))


def test_each_service_gets_a_letter_of_its_own(app: Flask, opened: Opened, clock: FixedClock) -> None:
    """Both want the first free letter: the catalogue's A is taken by the service that is there."""
    place = opened()
    steps = [offering_services(place, clock, code) for code in ("KTP_REKAM_LUAR", "IKD", "SUKET", "KK_BARU")]
    outcomes = together(app, *steps)
    assert all(outcome.won for outcome in outcomes), outcomes
    assert len(set(letters(app))) == len(letters(app)) == 5
    assert_sound(app)


def test_the_same_services_are_given_once(app: Flask, opened: Opened, clock: FixedClock) -> None:
    place = opened()
    steps = [offering_services(place, clock, "IKD", "SUKET") for _ in range(3)]
    outcomes = together(app, *steps)
    assert Counter(outcome.value for outcome in outcomes) == {2: 1, 0: 2}
    assert_sound(app)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no locks on rows
def test_control_without_the_lock_two_would_give_the_same_service(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has the last word, as a failure that nobody can read."""
    place = opened()
    with app.app_context(), unit_of_work() as session:  # some other office has given it before
        (there,) = offer_services(session, place.office_id, ["IKD"], actor=TESTER, now=clock.now())
        session.delete(there)
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(offered, "letters_of", Meeting(2).after(offered.letters_of))
    outcomes = together(app, *(offering_services(place, clock, "IKD") for _ in range(2)), unguarded=True)
    assert sum(outcome.failure is not None for outcome in outcomes) == 1


def changing(offering_id: int, letter: str, clock: FixedClock) -> Step:
    by = {"reason": "Percobaan", "actor": TESTER, "now": clock.now()}
    return lambda session: change_letter(session, offering_id, letter, **by)


def test_one_letter_is_changed_to_by_one_service(app: Flask, opened: Opened, clock: FixedClock) -> None:
    place = opened()
    (first,) = together(app, offering_services(place, clock, "IKD", "SUKET"))
    assert first.won
    with app.app_context():
        ids = db.session().scalars(select(OfficeService.id)).all()
    outcomes = together(app, *(changing(offering_id, "Z", clock) for offering_id in ids))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "invalid_setup": 2}
    assert letters(app).count("Z") == 1


def moving_up(offering_id: int, clock: FixedClock) -> Step:
    return lambda session: move_offering(session, offering_id, -1, actor=TESTER, now=clock.now())


def place_in_order(app: Flask, place: Place, code: str) -> int:
    with app.app_context():
        cards = [one for one in services_of(db.session(), place.office_id) if one.service.category is Category.CARD]
        return [one.service.code for one in cards].index(code) + 1


def last_of_three(app: Flask, place: Place, clock: FixedClock) -> int:
    together(app, offering_services(place, clock, "KTP_REKAM_LUAR", "SUKET", "IKD"))
    with app.app_context():
        return next(one.id for one in services_of(db.session(), place.office_id) if one.service.code == "IKD")


def test_two_presses_of_one_button_move_a_service_twice(app: Flask, opened: Opened, clock: FixedClock) -> None:
    place = opened()
    last = last_of_three(app, place, clock)
    outcomes = together(app, *(moving_up(last, clock) for _ in range(2)))
    assert sorted(outcome.value or 0 for outcome in outcomes) == [1, 2]
    assert place_in_order(app, place, "IKD") == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no locks on rows
def test_control_without_the_lock_one_press_is_lost(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened()
    last = last_of_three(app, place, clock)
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(names, "services_of", Meeting(2).after(names.services_of))
    together(app, *(moving_up(last, clock) for _ in range(2)), unguarded=True)
    assert place_in_order(app, place, "IKD") == 2


def test_nobody_who_books_meanwhile_is_left_at_the_old_instant(
    app: Flask, opened: Opened, clock: FixedClock, keyring: Keyring
) -> None:
    place = opened(capacity=20)

    def moving(session: object) -> None:
        by = {"reason": "Percobaan", "actor": TESTER, "now": clock.now()}
        change_zone(session, place.office_id, "Asia/Jayapura", **by)  # type: ignore[arg-type]  # a Session

    def booking(slot_id: int) -> Step:
        request = make_request(slot_id, make_applicant())
        return claims(lambda connection: book_alone(connection, request, keyring=keyring, now=clock.now()))

    slots = [slot for day in place.slots for slot in day for _ in range(4)][:8]
    outcomes = together(app, moving, *(booking(slot) for slot in slots))
    assert all(outcome.won for outcome in outcomes), outcomes
    with app.app_context():
        rows = db.session().execute(select(Ticket.starts_at, Slot.starts_at).join(Slot, Slot.id == Ticket.slot_id))
        pairs = [tuple(row) for row in rows]
    assert len(pairs) == len(slots)
    assert all(of_ticket == of_slot for of_ticket, of_slot in pairs)
    assert_sound(app)
