"""Two administrators plan one person, or one counter, for the same hours at two places at once."""

from __future__ import annotations

from datetime import time
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Select

from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.models import RosterShift, Staff, StaffAssignment
from queue_app.services.rosters import shifts
from queue_app.services.rosters.shifts import add_shifts
from tests.concurrency.races import Meeting, Step, together, without_row_locks
from tests.harness.factories import TESTER
from tests.harness.hall import Hall

HOURS = ((8, 12), (9, 13))


@pytest.fixture
def people(hall: Hall) -> list[int]:
    people = list(hall.officers.values())
    for staff_id in people:
        hall.session.add(StaffAssignment(staff_id=staff_id, office_id=hall.office_id, role=Role.COUNTER))
    hall.session.commit()
    return people


def planning(hall: Hall, *planned: tuple[int, int]) -> list[Step]:
    """One step for each (counter, person), with hours that overlap and begin at different minutes."""
    day, who = hall.slots[0].day, {"office_id": hall.office_id, "actor": TESTER, "now": hall.clock.now()}
    wanted = [
        Shift(counter, person, day, *(time(hour) for hour in hours))
        for (counter, person), hours in zip(planned, HOURS, strict=True)
    ]
    hall.session.rollback()
    return [partial(add_one, shift=shift, who=who) for shift in wanted]


def add_one(session: Session, shift: Shift, who: dict[str, object]) -> int:
    return add_shifts(session, [shift], **who)[0].id  # type: ignore[arg-type]  # of several kinds


def test_one_person_is_planned_at_one_counter_and_one_counter_for_one_person(
    app: Flask, hall: Hall, people: list[int]
) -> None:
    one, two, *_ = hall.counters.values()
    for planned in (((one, people[0]), (two, people[0])), ((one, people[0]), (one, people[1]))) * 2:
        outcomes = together(app, *planning(hall, *planned))
        assert sorted(str(outcome.code) for outcome in outcomes) == ["None", "shift_overlaps"]
        assert len(hall.session.scalars(select(RosterShift.id)).all()) == 1
        hall.session.execute(delete(RosterShift))
        hall.session.commit()


def test_control_without_the_lock_one_person_is_at_two_counters(
    app: Flask, hall: Hall, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, *_ = hall.counters.values()
    steps = planning(hall, (one, people[0]), (two, people[0]))
    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(shifts, "_in_the_way", Meeting(2).after(shifts._in_the_way))
    assert all(outcome.won for outcome in together(app, *steps))
    assert len(set(hall.session.scalars(select(RosterShift.counter_id)))) == 2


def test_who_is_planned_while_the_account_is_locked_does_not_count(app: Flask, hall: Hall, people: list[int]) -> None:
    """Either it was locked before, and refused, or after, and then nobody expects them there."""

    def lock(session: Session) -> None:
        session.get_one(Staff, people[0], with_for_update={"key_share": True}).active = False

    (step, _other) = planning(hall, (hall.counters[1], people[0]), (hall.counters[2], people[1]))
    planned, _locked = together(app, step, lock)
    assert planned.code in (None, "invalid_shift")
    assert not any(one.counts for one in shifts.shifts_between(hall.session, hall.office_id, *[hall.slots[0].day] * 2))
