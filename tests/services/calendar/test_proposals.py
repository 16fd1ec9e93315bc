"""The holidays of a year that nobody has decided: proposed, never silently open, and asked again and again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.errors import HolidayBooked, InvalidSchedule, NotFound, ReasonRequired
from queue_app.domain.holidays import HolidayStatus, KnownHoliday
from queue_app.models import Holiday, HolidayYear, OfficeService, ServiceDay
from queue_app.queries.calendar.holidays import UndecidedYear, holidays_between, undecided_years
from queue_app.services.calendar.closing import close_day, open_day
from queue_app.services.calendar.days import make_days
from queue_app.services.calendar.holidays import add_holiday, delete_holiday, rename_holiday
from queue_app.services.calendar.proposals import decide_holidays, propose_holidays
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

MONDAY = date(2026, 11, 23)
FEAST = KnownHoliday(THURSDAY, "Idulfitri", "Eid", estimated=True)
FIXED = KnownHoliday(FRIDAY, "Hari Guru", "Teachers' Day", estimated=False)


def test_days_are_made_as_probable_holidays(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    """The day exists only after the proposal: also then it is not open."""
    beyond = THURSDAY + timedelta(days=14)
    feast = KnownHoliday(beyond, "Idulfitri", "Eid", estimated=True)
    assert propose_holidays(session, [feast], now=clock.now()) == 1
    clock.advance(days=7)
    make_days(session, offering, now=clock.now())
    day = session.scalars(select(ServiceDay).where(ServiceDay.day == beyond)).one()
    assert (day.status, day.reason_id) == (DayStatus.HOLIDAY, "Idulfitri (perkiraan libur)")
    assert day.reason_en == "Eid (expected holiday)"
    assert not any(slot.accepts for slot in day.slots)


def test_days_that_exist_follow_a_proposal_once(session: Session, day: ServiceDay, clock: FixedClock, audited) -> None:
    assert propose_holidays(session, [FEAST, FIXED], now=clock.now()) == 2
    assert (day.status, day.reason_id) == (DayStatus.HOLIDAY, "Idulfitri (perkiraan libur)")
    assert propose_holidays(session, [FEAST, FIXED], now=clock.now()) == 0
    (entry,) = [entry for entry in audited() if entry.action == "holidays.proposed"]
    assert (entry.actor, entry.subject_id) == ("system:propose-holidays", 2026)
    assert entry.after == {"dates": ["2026-11-26", "2026-11-27"]}


def test_what_is_certain_by_its_nature_has_no_label(session: Session, slots: Slots, clock: FixedClock) -> None:
    propose_holidays(session, [FIXED], now=clock.now())
    assert slots(FRIDAY)[0].service_day.reason_id == "Hari Guru"


def test_a_newer_library_takes_the_mark_off(session: Session, day: ServiceDay, clock: FixedClock) -> None:
    """The name stays as it is called here, and what an office has opened meanwhile stays open."""
    propose_holidays(session, [FEAST, FIXED], now=clock.now())
    names = {"name_id": "Lebaran", "name_en": "Lebaran"}
    rename_holiday(session, THURSDAY, **names, reason="Sebutan di sini", actor=TESTER, now=clock.now())
    assert day.reason_id == "Lebaran (perkiraan libur)"
    assert propose_holidays(session, [FEAST, FIXED], now=clock.now()) == 0
    assert propose_holidays(session, [replace(FEAST, estimated=False), FIXED], now=clock.now()) == 1
    assert (day.status, day.reason_id) == (DayStatus.HOLIDAY, "Lebaran")
    open_day(session, day.id, reason="Layanan khusus", actor=TESTER, now=clock.now())
    assert propose_holidays(session, [FEAST], now=clock.now()) == 1
    assert day.status is DayStatus.OPEN


def test_a_day_with_people_stays_open(session: Session, book: Book, day: ServiceDay, clock: FixedClock, by) -> None:
    book()
    propose_holidays(session, [FEAST], now=clock.now())
    assert day.status is DayStatus.OPEN
    with pytest.raises(HolidayBooked) as refusal:
        decide_holidays(session, 2026, [THURSDAY], complete=True, **by)
    assert refusal.value.details == {"days": (day.id,)}
    close_day(session, day.id, reason_id="Idulfitri", reason_en="", actor=TESTER, now=clock.now())
    decide_holidays(session, 2026, [THURSDAY], complete=True, **by)
    assert day.status is DayStatus.CLOSED  # still with the list of those affected


def test_some_are_accepted_and_the_year_stays_undecided(
    session: Session, day: ServiceDay, slots: Slots, clock: FixedClock, by
) -> None:
    propose_holidays(session, [FEAST, FIXED], now=clock.now())
    decided = decide_holidays(session, 2026, [THURSDAY], complete=False, **by)
    assert (decided.confirmed, decided.dismissed) == (1, 0)
    assert (day.status, day.reason_id) == (DayStatus.HOLIDAY, "Idulfitri")
    assert slots(FRIDAY)[0].service_day.status is DayStatus.HOLIDAY
    assert session.get(HolidayYear, 2026) is None
    with pytest.raises(InvalidSchedule):
        decide_holidays(session, 2026, [], complete=False, **by)


def test_a_decided_year_is_the_administrators(
    session: Session, day: ServiceDay, slots: Slots, clock: FixedClock, by, audited
) -> None:
    propose_holidays(session, [FEAST, FIXED], now=clock.now())
    decide_holidays(session, 2026, [FRIDAY], complete=True, **by)
    assert (day.status, slots()[0].accepts) == (DayStatus.OPEN, True)
    assert audited()[-1].after == {"dates": ["2026-11-27"], "complete": True, "working_days": ["2026-11-26"]}
    later = KnownHoliday(MONDAY + timedelta(days=7), "Libur lain", "Another", estimated=False)
    assert propose_holidays(session, [FEAST, later], now=clock.now()) == 0
    assert [row.date for row in holidays_between(session, MONDAY, date(2026, 12, 31), [])] == [FRIDAY]


def test_of_a_year_that_has_begun_the_past_is_as_it_was(session: Session, clock: FixedClock, by) -> None:
    propose_holidays(session, [KnownHoliday(date(2026, 1, 1), "Tahun Baru", "New Year", False)], now=clock.now())
    decide_holidays(session, 2026, [], complete=True, **by)
    assert session.scalars(select(Holiday)).one().status is HolidayStatus.CONFIRMED


def test_what_an_office_opened_specially_stays_open(
    session: Session, book: Book, day: ServiceDay, clock: FixedClock, by
) -> None:
    propose_holidays(session, [FEAST], now=clock.now())
    open_day(session, day.id, reason="Layanan khusus", actor=TESTER, now=clock.now())
    session.commit()
    book()
    decide_holidays(session, 2026, [THURSDAY], complete=True, **by)
    assert day.status is DayStatus.OPEN
    assert session.scalars(select(Holiday)).one().status is HolidayStatus.CONFIRMED


def test_a_dismissed_date_is_not_proposed_again(session: Session, day: ServiceDay, clock: FixedClock, by) -> None:
    propose_holidays(session, [FEAST], now=clock.now())
    delete_holiday(session, THURSDAY, **by)
    assert day.status is DayStatus.OPEN
    assert propose_holidays(session, [FEAST], now=clock.now()) == 0
    assert day.status is DayStatus.OPEN
    with pytest.raises(NotFound):
        delete_holiday(session, THURSDAY, **by)
    assert add_holiday(session, THURSDAY, name_id="Idulfitri", name_en="", **by) == 1  # and yet a holiday
    assert (day.status, day.reason_id, day.reason_en) == (DayStatus.HOLIDAY, "Idulfitri", "Idulfitri")


def test_a_proposal_is_added_by_hand_under_its_own_name(
    session: Session, day: ServiceDay, clock: FixedClock, by
) -> None:
    propose_holidays(session, [FEAST], now=clock.now())
    add_holiday(session, THURSDAY, name_id="Hari Raya", name_en="Feast", **by)
    assert (day.status, day.reason_id, day.reason_en) == (DayStatus.HOLIDAY, "Hari Raya", "Feast")
    with pytest.raises(InvalidSchedule):
        add_holiday(session, THURSDAY, name_id="Hari Raya", name_en="Feast", **by)


def test_names_change_without_touching_the_days(
    session: Session, book: Book, offering: OfficeService, day: ServiceDay, slots: Slots, clock: FixedClock, by, audited
) -> None:
    """One office has opened specially, and has people there: it stays open, and nobody is asked to close anything."""
    add_holiday(session, THURSDAY, name_id="Idulftri", name_en="", **by)
    add_holiday(session, FRIDAY, name_id="Cuti bersama", name_en="", **by)
    open_day(session, slots(FRIDAY)[0].service_day_id, reason="Layanan khusus", actor=TESTER, now=clock.now())
    session.commit()
    book(day=FRIDAY)
    names = {"reason": "Salah ketik", "actor": TESTER, "now": clock.now()}
    rename_holiday(session, THURSDAY, name_id="Idulfitri", name_en="Eid", **names)
    rename_holiday(session, FRIDAY, name_id="Cuti bersama Idulfitri", name_en="", **names)
    assert (day.status, day.reason_id, day.reason_en) == (DayStatus.HOLIDAY, "Idulfitri", "Eid")
    assert [slot.accepts for slot in slots() + slots(FRIDAY)] == [False, False, True, True]
    friday = slots(FRIDAY)[0].service_day
    assert (friday.status, friday.reason_id) == (DayStatus.OPEN, None)
    assert (audited()[-2].action, audited()[-2].before["name"]) == ("holiday.renamed", "Idulftri")
    with pytest.raises(NotFound):
        rename_holiday(session, MONDAY, name_id="Tidak ada", name_en="", **names)
    with pytest.raises(ReasonRequired):
        rename_holiday(session, THURSDAY, name_id="Idulfitri", name_en="", **(names | {"reason": ""}))


def test_years_are_named_in_time(session: Session, offering: OfficeService, clock: FixedClock, by) -> None:
    assert [entry.year for entry in undecided_years(session, date(2026, 9, 30))] == [2026]
    assert [entry.year for entry in undecided_years(session, date(2026, 10, 1))] == [2026, 2027]
    decide_holidays(session, 2026, [], complete=True, **by)
    new_year = KnownHoliday(date(2027, 1, 1), "Tahun Baru", "New Year", estimated=False)
    propose_holidays(session, [new_year], now=clock.now())
    assert undecided_years(session, date(2026, 10, 1)) == (UndecidedYear(2027, proposed=1, days=0),)
    offering.days_made_until = date(2028, 1, 26)  # a long horizon
    assert [entry.year for entry in undecided_years(session, date(2026, 9, 1))] == [2027, 2028]
