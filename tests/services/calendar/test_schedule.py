"""A new weekly schedule: previewed as it will be, reasoned, audited, and never at anybody's expense."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus, Share, Window
from queue_app.domain.errors import InvalidSchedule, NotFound, ReasonRequired
from queue_app.models import OfficeService, ServiceDay
from queue_app.queries.calendar.days import day_summaries
from queue_app.services.calendar.closing import close_day
from queue_app.services.calendar.preview import preview_schedule
from queue_app.services.calendar.quota import set_day_quota
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

REASON = {"reason": "Mesin rusak", "actor": TESTER}
NEXT_THURSDAY = THURSDAY + timedelta(days=7)


def schedule(*windows: Window, since: date = FRIDAY, until: date | None = None, name: str = "Baru") -> NewSchedule:
    return NewSchedule(name, since, until, windows)


def thursdays(hour: int, capacity: int = 5) -> Window:
    return Window(3, time(hour), time(hour + 1), Share.PUBLIC, capacity)


def test_a_schedule_is_stored_and_followed_from_its_first_day(
    session: Session, offering: OfficeService, slots: Slots, clock: FixedClock, audited
) -> None:
    set_schedule(session, offering.id, schedule(thursdays(8, 7), name="  Jadwal   baru "), now=clock.now(), **REASON)
    assert [slot.capacity for slot in slots()] == [2, 2]
    assert [slot.capacity for slot in slots(NEXT_THURSDAY)] == [7, 0]
    assert [slot.capacity for slot in slots(FRIDAY)] == [0, 0]
    entry = audited()[-1]
    assert (entry.action, entry.before["name"], entry.after["name"]) == ("schedule.set", "Biasa", "Jadwal baru")
    assert entry.after["windows"] == [[3, "08:00", "09:00", "public", 7]]


def test_a_schedule_with_an_end_gives_way_to_the_one_below(
    session: Session, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    new = schedule(thursdays(8, 7), since=THURSDAY, until=THURSDAY)
    set_schedule(session, offering.id, new, now=clock.now(), **REASON)
    assert [slot.capacity for slot in slots(THURSDAY) + slots(NEXT_THURSDAY)] == [7, 0, 2, 2]


def test_a_day_set_by_hand_is_not_touched_by_a_schedule(
    session: Session, day: ServiceDay, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    set_day_quota(session, day.id, 6, now=clock.now(), **REASON)
    set_schedule(session, offering.id, schedule(thursdays(8, 40), since=THURSDAY), now=clock.now(), **REASON)
    assert [slot.capacity for slot in slots(THURSDAY)] == [3, 3]
    assert [slot.capacity for slot in slots(NEXT_THURSDAY)] == [40, 0]


def test_a_window_that_the_schedule_dropped_gets_no_places_of_a_new_quota(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock
) -> None:
    book(window=1)
    set_schedule(session, offering.id, schedule(thursdays(8, 7), since=THURSDAY), now=clock.now(), **REASON)
    set_day_quota(session, slots()[0].service_day_id, 20, now=clock.now(), **REASON)
    assert [(slot.capacity, slot.booked) for slot in slots()] == [(19, 0), (1, 1)]


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (schedule(thursdays(8), since=date(2026, 11, 23)), "past_date"),  # today has begun
        (schedule(thursdays(8), since=date(2026, 11, 20)), "past_date"),
        (schedule(thursdays(8), until=THURSDAY), "date_range"),
        (schedule(thursdays(8), thursdays(8)), "overlap"),
        (schedule(thursdays(8, 5001)), "capacity"),
        (schedule(Window(9, time(8), time(9), Share.PUBLIC, 5)), "weekday"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(
    session: Session, offering: OfficeService, clock: FixedClock, new: NewSchedule, reason: str
) -> None:
    with pytest.raises(InvalidSchedule) as refusal:
        set_schedule(session, offering.id, new, now=clock.now(), **REASON)
    assert refusal.value.details["reason"] == reason


def test_the_name_of_a_schedule_names_nobody(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    with pytest.raises(ReasonRequired):
        set_schedule(session, offering.id, schedule(thursdays(8), name="untuk 081234567890"), now=clock.now(), **REASON)
    with pytest.raises(NotFound):
        set_schedule(session, 4711, schedule(thursdays(8)), now=clock.now(), **REASON)


def test_the_preview_leaves_holidays_out(
    session: Session, offering: OfficeService, slots: Slots, clock: FixedClock
) -> None:
    """Their hours follow the schedule, but nobody can come."""
    day = session.get_one(ServiceDay, slots(NEXT_THURSDAY)[0].service_day_id)
    new = schedule(thursdays(9, 7), since=THURSDAY)

    def changed() -> list[date]:
        return [row.day for row in preview_schedule(session, offering.id, new, now=clock.now()).changed]

    assert NEXT_THURSDAY in changed()
    day.status, day.reason_id, day.reason_en = DayStatus.HOLIDAY, "Hari jadi", "Anniversary"
    session.flush()
    assert NEXT_THURSDAY not in changed()


def test_the_preview_tells_what_will_be(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock
) -> None:
    book(persons=2)
    set_day_quota(session, slots(NEXT_THURSDAY)[0].service_day_id, 9, now=clock.now(), **REASON)
    close_day(
        session, slots(FRIDAY)[0].service_day_id, reason_id="Pelatihan", reason_en="", actor=TESTER, now=clock.now()
    )
    book(day=date(2026, 11, 30))
    new = schedule(thursdays(9, 7), Window(5, time(8), time(9), Share.PUBLIC, 3), since=THURSDAY)
    effect = preview_schedule(session, offering.id, new, now=clock.now())

    def quotas() -> dict[date, int]:
        session.flush()
        until = THURSDAY + timedelta(days=30)
        of = {"office_id": offering.office_id, "service_id": offering.service_id}
        days = day_summaries(session, first=THURSDAY, last=until, now=clock.now(), **of)
        return {row.day: row.places.quota for row in days}

    before = quotas()
    set_schedule(session, offering.id, new, now=clock.now(), **REASON)
    after = quotas()
    assert {row.day: (row.before, row.after) for row in effect.changed} == {
        day: (before.get(day, 0), after[day]) for day in after if before.get(day, 0) != after[day]
    }
    assert {row.day: row.kept for row in effect.changed if row.kept} == {THURSDAY: 2, date(2026, 11, 30): 1}
    assert effect.left_alone == 2
