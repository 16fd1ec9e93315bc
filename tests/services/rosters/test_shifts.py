"""Shifts: nobody at two counters, nobody on somebody's chair, and a week that is copied as often as anybody likes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Role
from queue_app.domain.rosters import A_WEEK, InvalidKits, InvalidShift, Shift, ShiftOverlaps, monday_of
from queue_app.models import AuditEntry, Office, RosterShift, Staff
from queue_app.queries.rosters.week import own_shifts, people_to_plan, shifts_between
from queue_app.services.access.colleagues import deactivate_staff
from queue_app.services.rosters.kits import set_recording_kits
from queue_app.services.rosters.shifts import CopiedWeek, add_shifts, change_shift, copy_week, remove_shift
from queue_app.services.visits.counters import create_counter, set_counter
from tests.harness.factories import TESTER, make_office, make_staff
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock

MONDAY = monday_of(THURSDAY)


class Roster:
    """Counters 1 and 2, and two officers."""

    def __init__(self, session: Session, clock: FixedClock, office: Office, service_id: int) -> None:
        self.session, self.clock, self.office, self.service_id = session, clock, office, service_id
        who = {"office_id": office.id, "actor": TESTER, "now": clock.now()}
        self.counters = [create_counter(session, number=one, service_ids=[service_id], **who).id for one in (1, 2)]
        self.people = [make_staff(session, office, role, now=clock.now()).id for role in (Role.COUNTER, Role.DESK)]
        session.commit()

    @property
    def who(self) -> dict[str, Any]:
        return {"office_id": self.office.id, "actor": TESTER, "now": self.clock.now()}

    def shift(self, counter: int = 0, person: int = 0, hours: tuple[int, int] = (8, 12), days: int = 0) -> Shift:
        day = THURSDAY + timedelta(days=days)
        return Shift(self.counters[counter], self.people[person], day, *(time(hour) for hour in hours))

    def add(self, *shifts: Shift) -> list[RosterShift]:
        made = add_shifts(self.session, shifts or [self.shift()], **self.who)
        self.session.commit()
        return made

    def refused(self, kind: type[Exception], act: Callable[[], object]) -> Any:
        with pytest.raises(kind) as refusal:
            act()
        self.session.rollback()
        return getattr(refusal.value, "details", None)


@pytest.fixture
def roster(session: Session, clock: FixedClock, office: Office, offering: Any) -> Roster:
    return Roster(session, clock, office, offering.service_id)


def test_one_person_is_at_one_counter_at_a_time(roster: Roster) -> None:
    roster.add(roster.shift(0, 0, (8, 12)), roster.shift(1, 0, (12, 15)))  # one goes over at noon
    for hours in ((8, 12), (11, 13), (7, 9), (9, 10), (7, 16)):
        told = roster.refused(ShiftOverlaps, lambda hours=hours: roster.add(roster.shift(1, 0, hours)))
        assert told["whose"] == "officer"
    told = roster.refused(ShiftOverlaps, lambda: roster.add(roster.shift(0, 1, (9, 10))))
    assert (told["whose"], told["counter"], told["starts_at"]) == ("counter", 1, time(8))
    roster.add(roster.shift(0, 1, (12, 15)), roster.shift(1, 1, (8, 12), days=1))


def test_several_days_are_added_together_or_not_at_all(roster: Roster) -> None:
    roster.add(roster.shift(days=1))
    roster.refused(ShiftOverlaps, lambda: roster.add(roster.shift(), roster.shift(days=1)))
    roster.refused(InvalidShift, lambda: add_shifts(roster.session, [], **roster.who))
    assert [one.day for one in shifts_between(roster.session, roster.office.id, MONDAY, FRIDAY)] == [FRIDAY]


def test_an_hour_ends_after_it_begins_and_no_past_day_is_planned(roster: Roster) -> None:
    told = roster.refused(InvalidShift, lambda: roster.add(roster.shift(hours=(12, 12))))
    assert told == {"reason": "times"}
    told = roster.refused(InvalidShift, lambda: roster.add(roster.shift(days=-7)))
    assert told == {"reason": "past"}


def test_only_who_serves_here_at_a_counter_in_use(roster: Roster) -> None:
    session, there = roster.session, make_office(roster.session, "gemolong")
    elsewhere = make_staff(session, there, Role.COUNTER, now=roster.clock.now()).id
    boss = make_staff(session, roster.office, Role.ADMINISTRATOR, now=roster.clock.now()).id
    session.commit()
    assert {one.id for one in people_to_plan(session, roster.office.id)} == set(roster.people)
    roster.people += [elsewhere, boss]
    for person in (2, 3):
        told = roster.refused(InvalidShift, lambda person=person: roster.add(roster.shift(person=person)))
        assert told == {"reason": "officer"}
    of_there = {**roster.who, "office_id": there.id}
    roster.refused(NotFound, lambda: add_shifts(session, [roster.shift()], **of_there))
    (row,) = roster.add()
    roster.refused(NotFound, lambda: remove_shift(session, row.id, **of_there))
    set_counter(session, roster.counters[1], service_ids=[roster.service_id], active=False, **roster.who)
    told = roster.refused(InvalidShift, lambda: roster.add(roster.shift(1, 1)))
    assert told == {"reason": "counter"}


def test_who_cannot_come_makes_room_for_another(roster: Roster) -> None:
    (row,) = roster.add()
    shift_id, shift = row.id, row.shift
    change_shift(roster.session, shift_id, shift, absent=True, **roster.who)
    (stand_in,) = roster.add(roster.shift(0, 1))
    roster.refused(ShiftOverlaps, lambda: change_shift(roster.session, shift_id, shift, absent=False, **roster.who))
    remove_shift(roster.session, stand_in.id, **roster.who)
    change_shift(roster.session, shift_id, shift, absent=False, **roster.who)
    roster.session.commit()
    actions = [
        one
        for one in roster.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        if one.startswith("shift.")
    ]
    assert actions == ["shift.added", "shift.changed", "shift.added", "shift.removed", "shift.changed"]


def test_a_change_keeps_the_day_and_tells_what_was(roster: Roster) -> None:
    (row,) = roster.add()
    wanted = roster.shift(1, 1, (9, 11), days=3)
    change_shift(roster.session, row.id, wanted, absent=False, **roster.who)
    assert row.day == THURSDAY
    entry = roster.session.scalars(select(AuditEntry).where(AuditEntry.action == "shift.changed")).one()
    assert (entry.before or {})["hours"] == ["08:00:00", "12:00:00"]
    assert (entry.after or {})["counter"] == 2
    change_shift(roster.session, row.id, row.shift, absent=False, **roster.who)
    assert (
        len(
            roster.session.scalars(
                select(AuditEntry).where(AuditEntry.action == "shift.changed").order_by(AuditEntry.id)
            ).all()
        )
        == 1
    )


def test_a_week_is_copied_and_pressed_twice_nothing_comes_twice(roster: Roster) -> None:
    first, _second = roster.add(roster.shift(), roster.shift(1, 1))
    change_shift(roster.session, first.id, first.shift, absent=True, **roster.who)
    expected = [CopiedWeek(2, 0), CopiedWeek(0, 2)]
    assert [copy_week(roster.session, roster.office.id, MONDAY, **at(roster)) for _ in range(2)] == expected
    roster.session.commit()
    copied = shifts_between(roster.session, roster.office.id, MONDAY + A_WEEK, FRIDAY + A_WEEK)
    assert [(one.day, one.counts) for one in copied] == [(THURSDAY + A_WEEK, True)] * 2
    roster.refused(InvalidShift, lambda: copy_week(roster.session, roster.office.id, MONDAY - 3 * A_WEEK, **at(roster)))


def test_a_locked_account_falls_out_and_comes_back(roster: Roster) -> None:
    roster.add()
    deactivate_staff(roster.session, roster.people[0], reason="Pindah tugas", actor=TESTER, now=roster.clock.now())
    (planned,) = shifts_between(roster.session, roster.office.id, THURSDAY, THURSDAY)
    assert planned.gone
    assert not planned.counts
    assert copy_week(roster.session, roster.office.id, MONDAY, **at(roster)) == CopiedWeek(0, 1)
    roster.session.get_one(Staff, roster.people[0]).active = True
    roster.session.flush()
    assert shifts_between(roster.session, roster.office.id, THURSDAY, THURSDAY)[0].counts


def test_everybody_sees_their_own(roster: Roster) -> None:
    roster.add(roster.shift(), roster.shift(1, 1))
    ((own, office),) = own_shifts(roster.session, roster.people[1], MONDAY, FRIDAY)
    assert (own.counter.number, office) == (2, roster.office.name)


def test_kits_are_counted_and_audited(roster: Roster) -> None:
    for kits in (4, 4, None):
        set_recording_kits(roster.session, roster.office.id, kits, **at(roster))
    entries = roster.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "office.recording_kits").order_by(AuditEntry.id)
    ).all()
    assert [entry.after for entry in entries] == [{"recording_kits": 4}, {"recording_kits": None}]
    for kits in (-1, 100):
        roster.refused(
            InvalidKits, lambda kits=kits: set_recording_kits(roster.session, roster.office.id, kits, **at(roster))
        )


def at(roster: Roster) -> dict[str, Any]:
    return {"actor": TESTER, "now": roster.clock.now()}
