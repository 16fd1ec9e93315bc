"""The check recomputes the places of coming days: nothing that the office decides is a breach, what SQL changes is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share, Window
from queue_app.domain.keyring import Keyring
from queue_app.domain.priority import Channel
from queue_app.models import AuditEntry, Holiday, OfficeService, Schedule, ScheduleWindow, ServiceDay, Slot, Staff
from queue_app.queries.records.planned_places import places_as_decided
from queue_app.services.assisted.book_for_others import AssistedRequest, book_assisted
from queue_app.services.booking.change import cancel
from queue_app.services.calendar.closing import open_day
from queue_app.services.calendar.closures import revoke
from queue_app.services.calendar.holidays import add_holiday, delete_holiday
from queue_app.services.calendar.quota import set_day_quota
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.closing import carry_out_all, closed
from tests.harness.factories import TESTER, make_applicant
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

EIGHT = datetime.combine(THURSDAY, time(8), ZoneInfo("Asia/Jakarta"))
REASON = {"reason": "Alasan", "actor": TESTER}


class Office:
    """What the office decides about Thursdays, and what somebody does behind its back."""

    def __init__(self, session: Session, offering: OfficeService, day: ServiceDay, clock: FixedClock) -> None:
        self.session, self.offering, self.day, self.clock = session, offering, day, clock

    def breaches(self) -> list[str]:
        self.session.flush()
        self.session.expire_all()
        return list(places_as_decided(self.session, now=self.clock.now()))

    def schedule(self, eight: int, nine: int, *, until: date | None = None) -> Schedule:
        hours = ((8, eight), (9, nine))
        windows = tuple(Window(3, time(at), time(at + 1), Share.PUBLIC, places) for at, places in hours if places)
        new = NewSchedule("Baru", THURSDAY, until, windows)
        return set_schedule(self.session, self.offering.id, new, now=self.clock.now(), **REASON)

    def quota(self, places: int) -> None:
        set_day_quota(self.session, self.day.id, places, now=self.clock.now(), **REASON)

    def close(self) -> int:
        return closed(self.session, self.offering, THURSDAY, now=self.clock.now()).id

    def revoke(self, closure_id: int) -> None:
        closure = revoke(self.session, closure_id, office_id=self.offering.office_id, now=self.clock.now(), **REASON)
        carry_out_all(self.session, closure, now=self.clock.now())

    def by_sql(self, slot: Slot, more: int) -> None:
        of_slot = update(Slot).where(Slot.id == slot.id)
        self.session.execute(of_slot.values(planned=Slot.planned + more, capacity=Slot.capacity + more))


@pytest.fixture
def office_acts(session: Session, offering: OfficeService, day: ServiceDay, clock: FixedClock) -> Office:
    return Office(session, offering, day, clock)


@pytest.fixture
def beyond_quota(session: Session, offering: OfficeService, keyring: Keyring, desk: Staff, clock: FixedClock):
    """A place at eight that the office gives outside its quota, to a person or more."""

    def give(persons: int = 1) -> None:
        request = AssistedRequest(
            offering_id=offering.id,
            starts_at=EIGHT,
            applicants=tuple(make_applicant() for _ in range(persons)),
            phone=None,
            language="id",
            request_key=f"key-{persons}-{clock.now().isoformat()}",
            channel=Channel.DESK,
            priority=None,
            exception="Rekam ulang",
            outside_quota=True,
        )
        who = {"actor": TESTER, "staff_id": desk.id, "office_id": offering.office_id}
        book_assisted(session, request, keyring=keyring, now=clock.now(), **who)
        session.commit()

    return give


@pytest.mark.parametrize("more", [1, -1])
def test_a_day_that_follows_its_schedule(office_acts: Office, slots: Slots, more: int) -> None:
    assert office_acts.breaches() == []
    slot = slots()[0]
    office_acts.by_sql(slot, more)
    assert office_acts.breaches() == [f"slot {slot.id}: planned {2 + more}, decided 2 by schedule"]


def test_bookings_and_cancellations_change_nothing(office_acts: Office, book: Book, clock: FixedClock) -> None:
    bookings = [book(window=1), book(window=1)]
    office_acts.schedule(2, 0)  # the hour is dropped under them
    assert office_acts.breaches() == []
    cancel(office_acts.session, bookings[0].id, now=clock.now())
    assert office_acts.breaches() == []
    office_acts.schedule(2, 1, until=THURSDAY)
    assert office_acts.breaches() == []


@pytest.mark.parametrize("more", [1, -1])
def test_a_quota_stands_against_later_schedules(office_acts: Office, slots: Slots, more: int) -> None:
    office_acts.quota(5)
    office_acts.schedule(1, 1)
    assert office_acts.breaches() == []
    office_acts.quota(3)
    assert office_acts.breaches() == []
    office_acts.by_sql(slots()[0], more)
    assert len(office_acts.breaches()) == 1


def test_a_day_marked_as_set_by_hand_needs_a_record(office_acts: Office, slots: Slots) -> None:
    office_acts.day.set_by_hand = True
    office_acts.by_sql(slots()[0], 1)
    assert len(office_acts.breaches()) == 1


@pytest.mark.parametrize("opened_before", [True, False])
def test_a_closed_day_keeps_the_places_it_had(office_acts: Office, slots: Slots, opened_before: bool) -> None:
    closure = office_acts.close()
    if opened_before:
        office_acts.revoke(closure)
    office_acts.schedule(1, 4)
    assert office_acts.breaches() == []
    if not opened_before:
        office_acts.revoke(closure)
    assert office_acts.breaches() == []
    assert [slot.planned for slot in slots()] == [2, 2]
    office_acts.by_sql(slots()[0], 3)
    assert office_acts.breaches() == [f"slot {slots()[0].id}: planned 5, decided 1 by schedule or 2 by schedule"]


def test_a_holiday_follows_the_schedule(office_acts: Office, session: Session, slots: Slots, clock: FixedClock) -> None:
    act = {**REASON, "now": clock.now(), "today": clock.now().date()}
    add_holiday(session, THURSDAY, name_id="Libur", name_en="Holiday", **act)
    office_acts.schedule(3, 1)
    assert office_acts.breaches() == []
    delete_holiday(session, THURSDAY, **act)
    assert office_acts.breaches() == []
    office_acts.by_sql(slots()[1], 1)
    assert len(office_acts.breaches()) == 1


def test_a_holiday_that_is_opened_specially(office_acts: Office, session: Session, clock: FixedClock) -> None:
    session.add(Holiday(date=FRIDAY, name_id="Libur", name_en="Holiday"))
    add_holiday(
        session, THURSDAY, name_id="Libur", name_en="Holiday", now=clock.now(), today=clock.now().date(), **REASON
    )
    open_day(session, office_acts.day.id, now=clock.now(), **REASON)
    office_acts.schedule(1, 1)
    assert office_acts.breaches() == []


def test_a_place_outside_the_quota_counts_until_a_schedule_is_set(
    office_acts: Office, beyond_quota, slots: Slots, book: Book
) -> None:
    beyond_quota()
    assert (slots()[0].planned, office_acts.breaches()) == (3, [])
    office_acts.by_sql(slots()[0], -1)
    assert office_acts.breaches()
    office_acts.by_sql(slots()[0], 1)
    office_acts.schedule(2, 2)
    assert (slots()[0].planned, office_acts.breaches()) == (2, [])
    office_acts.quota(6)
    beyond_quota(2)
    assert (slots()[0].planned, office_acts.breaches()) == (5, [])
    office_acts.by_sql(slots()[0], 1)
    assert office_acts.breaches()


def test_a_record_of_an_older_version_says_how_many_at_most(
    office_acts: Office, session: Session, slots: Slots
) -> None:
    office_acts.quota(6)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "day.quota")).one()
    entry.after = {name: value for name, value in (entry.after or {}).items() if name != "planned"}
    assert office_acts.breaches() == []
    office_acts.by_sql(slots()[0], 1)
    assert office_acts.breaches() == [f"slot {slots()[0].id}: planned 4, decided at most 3 by audit entry {entry.id}"]


@pytest.mark.parametrize("emptied", [None, {}])
def test_an_emptied_record_does_not_stop_the_check(office_acts: Office, session: Session, emptied: object) -> None:
    office_acts.quota(6)
    office_acts.schedule(1, 1)
    session.execute(update(AuditEntry).values(after=emptied))
    assert office_acts.breaches()


def test_schedules_are_as_they_were_set(office_acts: Office, session: Session, clock: FixedClock) -> None:
    schedule = office_acts.schedule(2, 2)
    session.execute(update(ScheduleWindow).where(ScheduleWindow.schedule_id == schedule.id).values(capacity=9))
    session.execute(update(Slot).where(Slot.planned == 2, Slot.day >= THURSDAY).values(planned=9, capacity=9))
    found = office_acts.breaches()
    assert [one for one in found if "the schedule set by audit entry" in one]
    session.rollback()
    office_acts.schedule(2, 2)
    rogue = Schedule(office_service_id=office_acts.offering.id, name="X", valid_from=FRIDAY, created_at=clock.now())
    session.add(rogue)
    session.flush()
    assert f"schedule {rogue.id}: nobody set it so" in office_acts.breaches()


def test_what_is_past_is_not_looked_at(office_acts: Office, slots: Slots, clock: FixedClock) -> None:
    office_acts.by_sql(slots()[0], 1)
    assert office_acts.breaches()
    clock.set(EIGHT + timedelta(days=1))
    assert office_acts.breaches() == []
