"""Walk-ins, helpers, citizens and administrators want the same window at once."""

from __future__ import annotations

import itertools
import threading
import time as seconds
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.calendar import Share
from queue_app.domain.priority import Priority
from queue_app.models import ServiceDay, Slot, Ticket
from queue_app.services.assisted import book_for_others
from queue_app.services.booking import book as booking_service
from queue_app.services.booking.first_look import Sought
from queue_app.services.records import audit
from tests.concurrency.conftest import Place
from tests.concurrency.races import (
    Interruption,
    Meeting,
    Step,
    assert_sound,
    attempt,
    findings,
    is_sqlite,
    tickets_of,
    together,
    without_row_locks,
)
from tests.harness.factories import make_applicant

Opened = Callable[..., Place]


def test_everybody_wants_the_shares_of_one_window(
    app: Flask, opened_today: Opened, booking: Any, giving: Any, setting_quota: Any
) -> None:
    place = opened_today(capacity=6, kept={Share.ASSISTED: 3, Share.PRIORITY: 2}, walk_ins_per_day=6)
    public = _slot(app, place, Share.PUBLIC)
    steps = [giving(place) for _ in range(8)]
    steps += [giving(place, priority=Priority.VULNERABLE) for _ in range(4)]
    steps += [giving(place, make_applicant(), make_applicant(), now=False) for _ in range(4)]
    steps += [booking(public) for _ in range(6)] + [setting_quota(place.day_ids[0], 6)]
    outcomes = together(app, *steps[::2], *steps[1::2])
    assert {outcome.code for outcome in outcomes} <= {None, "slot_full", "walk_ins_used_up", "quota_below_booked"}
    assert _walk_ins(app, place) == len(tickets_of(app, Ticket.walk_in)) <= 6
    assert all(booked <= capacity for booked, capacity in _places(app, place))
    assert_sound(app)


def test_at_the_moment_of_release_no_place_is_given_twice_and_none_is_lost(
    app: Flask, opened_today: Opened, booking: Any, giving: Any
) -> None:
    place = opened_today(capacity=5, kept={Share.ASSISTED: 1, Share.PRIORITY: 1})
    public = _slot(app, place, Share.PUBLIC)
    outcomes = together(app, *(step for _ in range(8) for step in (giving(place), booking(public))))
    assert Counter(outcome.code for outcome in outcomes) == {None: 7, "slot_full": 9}
    assert _places(app, place) == [(1, 1), (1, 1), (5, 5)]
    assert_sound(app)


def test_the_cap_holds_across_windows(app: Flask, opened_today: Opened, giving: Any) -> None:
    place = opened_today(capacity=2, hours=(8, 9, 10, 11), walk_ins_per_day=4)
    outcomes = together(app, *(giving(place) for _ in range(12)))
    assert Counter(outcome.code for outcome in outcomes) == {None: 4, "walk_ins_used_up": 8}
    assert _walk_ins(app, place) == 4
    assert_sound(app)


def test_control_a_cap_that_is_read_and_then_written_is_passed(
    app: Flask, opened_today: Opened, giving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, meeting = opened_today(capacity=9, hours=(8, 9, 10), walk_ins_per_day=1), Meeting(3)
    slots_with_room, which = book_for_others.slots_with_room, itertools.count()
    today = ServiceDay.id == place.day_ids[0]
    of_day = select(ServiceDay.walk_ins).where(today)

    def read_then_write(session: Session, offering: Any, *_given: Any, **_: Any) -> None:
        given = session.scalars(of_day).one()
        meeting.wait(session)
        if given < offering.walk_ins_per_day:
            session.execute(update(ServiceDay).where(today).values(walk_ins=given + 1))

    def one_of_them(*arguments: Any, **keywords: Any) -> list[Slot]:
        """Else the row of the first window would let them in one by one."""
        return slots_with_room(*arguments, **keywords)[(mine := next(which)) : mine + 1]

    monkeypatch.setattr(book_for_others, "slots_with_room", one_of_them)
    monkeypatch.setattr(book_for_others, "count_walk_in", read_then_write)
    outcomes = together(app, *(giving(place) for _ in range(3)))
    assert all(outcome.won for outcome in outcomes)
    assert (_walk_ins(app, place), len(tickets_of(app, Ticket.walk_in))) == (1, 3)


def test_one_person_at_three_desks_and_online_has_one_ticket(
    app: Flask, opened_today: Opened, booking: Any, giving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All have looked before any of them stores: then it is the index that says no, in the middle of a transaction."""
    place, siti = opened_today(capacity=9, kept={Share.ASSISTED: 9}), make_applicant()
    public = _slot(app, place, Share.PUBLIC)
    monkeypatch.setattr(booking_service, "look", Meeting(5).after(booking_service.look))
    steps = [giving(place, siti, now=False) for _ in range(3)] + [booking(public, siti) for _ in range(2)]
    outcomes = together(app, *steps)
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "already_booked": 4}
    assert_sound(app)


def test_a_click_whose_number_is_given_while_it_looks_counts_nobody_twice(
    app: Flask, opened_today: Opened, giving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has found no such request, and then everything is stored by another click: nothing of its own may stay."""
    place = opened_today(capacity=2)
    for exception in (None, "pejabat menunggu"):  # the second time the window is full, and would be widened
        step = giving(place, make_applicant(), make_applicant(), exception=exception)
        meanwhile = Interruption(app, step)
        with monkeypatch.context() as patch:
            patch.setattr(book_for_others, "slots_with_room", meanwhile.after(book_for_others.slots_with_room))
            (outcome,) = together(app, step)
        assert outcome.value == meanwhile.outcome.value
    assert _walk_ins(app, place) == 4
    assert _places(app, place) == [(4, 4)]
    assert_sound(app)


def test_one_form_sent_by_five_clicks_gives_one_number(app: Flask, opened_today: Opened, giving: Any) -> None:
    place = opened_today(capacity=5)
    step = giving(place, make_applicant(), make_applicant())
    outcomes = together(app, *(step for _ in range(5)))
    assert len({outcome.value for outcome in outcomes}) == 1
    assert _walk_ins(app, place) == 2
    assert_sound(app)


def test_two_officers_make_a_place_each(app: Flask, opened_today: Opened, giving: Any) -> None:
    place = opened_today(capacity=1, walk_ins_per_day=1)
    together(app, giving(place))
    outcomes = together(app, *(giving(place, exception="Rujukan rumah sakit") for _ in range(4)), giving(place))
    assert [outcome.code for outcome in outcomes[:4]] == [None] * 4
    assert outcomes[4].code in {"slot_full", "walk_ins_used_up"}
    assert (_places(app, place), _walk_ins(app, place)) == ([(5, 5)], 5)
    assert_sound(app)


def test_control_without_its_lock_one_of_the_two_is_refused(
    app: Flask, opened_today: Opened, giving: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = opened_today(capacity=0)
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(audit, "record", Meeting(2).before(audit.record))
    outcomes = together(app, *(giving(place, exception="Rujukan rumah sakit") for _ in range(2)))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "slot_full": 1}


def _closed_meanwhile(app: Flask, place: Place, step: Step, closing: Step, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Of the first share the last place goes just before it is claimed; and before the second share is tried,
    somebody begins to close the day, which locks its slots in the order of their ids."""
    look, closed = booking_service.look, []

    def close() -> None:
        with app.app_context():
            closed.append(attempt(closing))

    thread = threading.Thread(target=close, daemon=True)

    def look_and_let_others(connection: Any, sought: Sought) -> Any:
        found = look(connection, sought)
        if sought.share is Share.PRIORITY:
            with db.engine.connect() as other, other.begin():
                other.execute(update(Slot).where(Slot.id == sought.slot_id).values(planned=0, capacity=0))
        else:
            thread.start()
            seconds.sleep(0.3)
        return found

    monkeypatch.setattr(booking_service, "look", look_and_let_others)
    (outcome,) = together(app, step, unguarded=True)
    thread.join(30)
    return [outcome, *closed]


def test_who_tries_one_share_after_the_other_does_not_wait_in_a_circle(
    app: Flask, opened_today: Opened, giving: Any, closing_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_sqlite(app):
        return  # one writer at a time: nobody can wait in a circle
    place = opened_today(kept={Share.ASSISTED: 1, Share.PRIORITY: 1})
    step = giving(place, priority=Priority.URGENT)
    outcomes = _closed_meanwhile(app, place, step, closing_day(place.day_ids[0]), monkeypatch)
    assert [outcome.failure for outcome in outcomes] == [None, None]
    assert [outcome.code for outcome in outcomes] == ["day_closed", None]
    assert findings(app).keys() == {"I14"}, "the last place was taken away past the office's own ways"


def test_control_who_keeps_the_lock_of_a_full_share_waits_in_a_circle(
    app: Flask, opened_today: Opened, giving: Any, closing_day: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_sqlite(app):
        return
    place = opened_today(kept={Share.ASSISTED: 1, Share.PRIORITY: 1})
    keeping = partial(booking_service._claim_or_refuse, booking_service.claim_and_store)
    monkeypatch.setattr(booking_service, "_claim_within", keeping)
    step = giving(place, priority=Priority.URGENT)
    outcomes = _closed_meanwhile(app, place, step, closing_day(place.day_ids[0]), monkeypatch)
    (failure,) = [outcome.failure for outcome in outcomes if outcome.failure]
    assert isinstance(failure, OperationalError)
    assert "deadlock" in str(failure)


def _slot(app: Flask, place: Place, share: Share) -> int:
    with app.app_context():
        found = select(Slot.id).where(Slot.id.in_(place.slots[0]), Slot.share == share).order_by(Slot.starts_at)
        return db.session().scalars(found).first()


def _places(app: Flask, place: Place) -> list[tuple[int, int]]:
    """(booked, capacity) of each slot of the day."""
    of_day = select(Slot.booked, Slot.capacity).where(Slot.id.in_(place.slots[0])).order_by(Slot.id)
    with app.app_context():
        return [tuple(row) for row in db.session().execute(of_day)]


def _walk_ins(app: Flask, place: Place) -> int:
    with app.app_context():
        return db.session().get_one(ServiceDay, place.day_ids[0]).walk_ins
