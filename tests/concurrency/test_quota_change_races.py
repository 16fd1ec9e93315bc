"""Two administrators change and undo the same days at once, while people book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.domain.quota_change import NewQuota, QuotaUnit
from queue_app.models import QuotaChange, Slot, Staff
from queue_app.services.calendar import quota_undo
from queue_app.services.calendar.quota_changes import change_quotas
from queue_app.services.calendar.quota_limit import Deed
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, together, without_row_locks
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


@pytest.fixture
def deed(session: Session, clock: FixedClock) -> Deed:
    session.add(Staff(username="budi", name="Budi", password_hash="-", created_at=clock.now()))
    session.commit()
    return Deed(session.scalars(select(Staff.id)).one(), None, "Operator cuti", clock.now())


@pytest.fixture
def changing_quotas(deed: Deed) -> Callable[[Place, int], Step]:
    def make(place: Place, amount: int) -> Step:
        services = frozenset({place.service_id})
        new = NewQuota(place.days[0], place.days[-1], services, QuotaUnit.PLACES, amount)
        return lambda session: change_quotas(session, place.office_id, new, deed).id

    return make


@pytest.fixture
def undoing_quotas(deed: Deed) -> Callable[[Place, int], Step]:
    return lambda place, change_id: (
        lambda session: len(quota_undo.undo_change(session, change_id, place.office_id, deed))
    )


def planned(app: Flask, place: Place) -> list[list[int]]:
    """Of each day that the changes are about."""
    with app.app_context():
        of_slots = dict(db.session().execute(select(Slot.id, Slot.planned)).all())
    return [[of_slots[slot] for slot in of_day] for of_day in place.slots]


def test_two_changes_an_undo_and_people_at_once(
    app: Flask, opened: Opened, changing_quotas: Any, undoing_quotas: Any, booking: Any
) -> None:
    """Each day has all of one change or of the other, and nobody loses a place."""
    place = opened(capacity=4, hours=(8, 9))
    first = together(app, changing_quotas(place, 10))[0].value
    steps = [changing_quotas(place, 2), changing_quotas(place, 6), undoing_quotas(place, first)]
    outcomes = together(app, *steps, *(booking(slot) for of_day in place.slots for slot in of_day))
    assert {outcome.code for outcome in outcomes} <= {None, "invalid_quota_change", "slot_full"}
    first_day, *others = planned(app, place)
    assert others == [first_day] * 2
    assert_sound(app)


def test_of_two_who_undo_at_once_one_is_refused(
    app: Flask, opened: Opened, changing_quotas: Any, undoing_quotas: Any
) -> None:
    place = opened(capacity=2, hours=(8,))
    for turn in range(3):
        change = together(app, changing_quotas(place, 5 + turn))[0].value
        outcomes = together(app, *(undoing_quotas(place, change) for _ in range(4)))
        assert Counter(outcome.code for outcome in outcomes) == {None: 1, "invalid_quota_change": 3}
        assert planned(app, place) == [[2]] * 3
    assert_sound(app)


def test_control_without_the_condition_two_undo_one_change(
    app: Flask, opened: Opened, changing_quotas: Any, undoing_quotas: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read that it is not undone, both write down that they did it."""
    place, meeting = opened(capacity=2, hours=(8,)), Meeting(2)
    change = together(app, changing_quotas(place, 5))[0].value

    def read_then_mark(session: Session, change_id: int, deed: Deed) -> None:
        undone = session.scalars(select(QuotaChange.undone_at).where(QuotaChange.id == change_id)).one()
        meeting.wait(session)
        assert undone is None
        done = {"undone_at": deed.now, "undone_by": deed.staff_id}
        session.execute(update(QuotaChange).where(QuotaChange.id == change_id).values(done))

    monkeypatch.setattr(Select, "with_for_update", without_row_locks)
    monkeypatch.setattr(quota_undo, "_undo_once", read_then_mark)
    monkeypatch.setattr(quota_undo, "undo_plan", _as_it_was(quota_undo.undo_plan))
    outcomes = together(app, *(undoing_quotas(place, change) for _ in range(2)))
    assert all(outcome.won for outcome in outcomes)


def _as_it_was(undo_plan: Any) -> Any:
    """Whoever comes second sees places that were put back already, and takes them for what the change left."""

    def plan(session: Session, change: QuotaChange, *, now: Any) -> Any:
        return tuple(
            quota_undo.SlotUndo(one.slot, one.before, one.after, one.was_by_hand, left=False)
            for one in undo_plan(session, change, now=now)
        )

    return plan
