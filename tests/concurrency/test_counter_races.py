"""Two officers want one counter, one officer two of them; and two who stop the office at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Select

from queue_app.models import Counter, Disruption, DisruptionKind
from queue_app.services.visits import disruptions, seats
from queue_app.services.visits.seats import sign_in
from tests.concurrency.counter_steps import facts
from tests.concurrency.races import Meeting, together, without_row_locks
from tests.harness.factories import TESTER
from tests.harness.hall import Hall


def test_of_two_officers_one_sits_down_and_of_two_counters_one_is_taken(app: Flask, hall: Hall) -> None:
    one, two = hall.officer("satu"), hall.officer("dua")
    hall.session.commit()
    with_counter = {number: partial(sign_in, counter_id=counter_id) for number, counter_id in hall.counters.items()}
    for _ in range(3):
        seats.send_away(hall.session, hall.counters[3], reason="Giliran", **of_office(hall))
        seats.send_away(hall.session, hall.counters[4], reason="Giliran", **of_office(hall))
        hall.session.commit()
        keywords = {staff_id: facts(hall, staff_id) for staff_id in (one, two)}
        taken = together(app, *(partial(with_counter[3], **keywords[staff_id]) for staff_id in (one, two)))
        assert sorted(str(outcome.code) for outcome in taken) == ["None", "counter_taken"]
        assert sitting(hall)[3] == (one if taken[0].won else two)
        winner = sitting(hall)[3]
        assert winner
        moves = together(app, *(partial(with_counter[number], **keywords[winner]) for number in (3, 4)))
        assert all(outcome.won for outcome in moves)
        assert sorted([sitting(hall)[3] or 0, sitting(hall)[4] or 0]) == [0, winner]
    places = {number: facts(hall, hall.officers[number]) for number in (1, 2)}
    swap = together(app, partial(with_counter[2], **places[1]), partial(with_counter[1], **places[2]))
    assert {outcome.code for outcome in swap} == {"counter_taken"}


def test_control_without_the_lock_two_officers_sit_at_one_counter(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    seats.send_away(hall.session, hall.counters[3], reason="Giliran", **of_office(hall))
    both = [facts(hall, hall.officer(name)) for name in ("satu", "dua")]
    hall.session.commit()
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(seats, "lock_counter", Meeting(2).after(seats.lock_counter))
    outcomes = together(app, *(partial(sign_in, counter_id=hall.counters[3], **keywords) for keywords in both))
    assert all(outcome.won for outcome in outcomes)


def test_two_who_stop_the_office_at_once_begin_one_disruption_and_end_it_once(
    app: Flask, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = {"office_id": hall.office_id, "actor": TESTER, "now": hall.clock.now()}
    hall.session.rollback()

    def begin(session: Session, kind: DisruptionKind) -> int:
        return disruptions.begin_disruption(session, kind=kind, expected_until=None, **office).id

    def end(session: Session, disruption_id: int) -> int:
        return disruptions.end_disruption(session, disruption_id=disruption_id, close=None, **office).id

    both = [partial(begin, kind=DisruptionKind.POWER)] * 2
    for turn in range(3):
        begun = {outcome.value for outcome in together(app, *both)}
        assert len(begun) == 1
        over = partial(end, disruption_id=begun.pop())
        assert len(hall.session.scalars(select(Disruption.id)).all()) == turn + 1
        hall.session.rollback()
        ended = together(app, over, over)
        assert sorted(str(outcome.code) for outcome in ended) == ["None", "not_disrupted"]
    # A control: without the lock only the index is left, and that fails instead of answering.
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(disruptions, "disruptions_of", Meeting(2).after(disruptions.disruptions_of))
    outcomes = together(app, *both, unguarded=True)
    assert [outcome.failure is None for outcome in outcomes].count(False) == 1


def of_office(hall: Hall) -> dict[str, Any]:
    return {"office_id": hall.office_id, "actor": TESTER, "now": hall.clock.now()}


def sitting(hall: Hall) -> dict[int, int | None]:
    """Who sits where, by the numbers of the counters."""
    hall.session.rollback()
    rows = hall.session.execute(select(Counter.number, Counter.staff_id)).all()
    hall.session.rollback()
    return dict(rows)
