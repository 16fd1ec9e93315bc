"""A holiday of one office alone, beside those of all: whose days it turns, and by which name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import ClosureState, OfferTerms
from queue_app.domain.errors import HolidayBooked, InvalidSchedule, NotFound
from queue_app.domain.holidays import HolidayStatus, KnownHoliday
from queue_app.models import Closure, Holiday, HolidayYear, OfficeService, ServiceDay
from queue_app.queries.calendar.holidays import holidays_at
from queue_app.services.calendar.days import make_days
from queue_app.services.calendar.holidays import add_holiday, delete_holiday, rename_holiday
from queue_app.services.calendar.proposals import decide_holidays, propose_holidays
from queue_app.services.setup.copying import copy_office
from tests.harness.factories import TESTER, make_offering, make_office
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

LOCAL = {"name_id": "Hari jadi kota", "name_en": "City day"}
NATIONAL = {"name_id": "Pilkada", "name_en": "Election day"}


@pytest.fixture
def other(session: Session, offering: OfficeService, clock: FixedClock) -> OfficeService:
    """The same service in another town."""
    office = make_office(session, "gemolong")
    weekdays = (0, 3, 4)
    made = make_offering(session, office, offering.service, now=clock.now(), opens_days_before=7, weekdays=weekdays)
    session.commit()
    return made


def who(by: dict[str, Any]) -> dict[str, Any]:
    return {name: by[name] for name in ("reason", "actor", "now")}


def stands(slots: Slots, *offerings: OfficeService) -> list[str | None]:
    """What each offering's Thursday is: None where it is open, else the name of the holiday."""
    days = [slots(of=offering)[0].service_day for offering in offerings]
    for offering, day in zip(offerings, days, strict=True):
        assert all(slot.accepts is (day.status is DayStatus.OPEN) for slot in slots(of=offering))
        assert (day.reason_id is None) is (day.status is DayStatus.OPEN)
    return [day.reason_id for day in days]


def test_it_turns_the_days_of_its_office_alone(
    session: Session, offering: OfficeService, other: OfficeService, slots: Slots, by, audited
) -> None:
    assert add_holiday(session, THURSDAY, office_id=offering.office_id, **LOCAL, **by) == 1
    assert stands(slots, offering, other) == ["Hari jadi kota", None]
    assert (audited()[-1].action, audited()[-1].office_id) == ("holiday.added", offering.office_id)
    names = {"name_id": "Hari jadi Sragen", "name_en": ""}
    rename_holiday(session, THURSDAY, office_id=offering.office_id, **names, **who(by))
    assert stands(slots, offering, other) == ["Hari jadi Sragen", None]
    assert delete_holiday(session, THURSDAY, office_id=offering.office_id, **by) == 1
    assert stands(slots, offering, other) == [None, None]
    assert session.scalars(select(Holiday)).all() == []  # nobody proposes it again, so nothing is remembered


def test_days_that_are_made_later_know_it(
    session: Session, offering: OfficeService, other: OfficeService, clock: FixedClock, by
) -> None:
    beyond = THURSDAY + timedelta(days=14)
    add_holiday(session, beyond, office_id=offering.office_id, **LOCAL, **by)
    clock.advance(days=7)
    for one in (offering, other):
        make_days(session, one, now=clock.now())
    made = session.scalars(select(ServiceDay).where(ServiceDay.day == beyond).order_by(ServiceDay.office_id))
    assert [(day.status, day.reason_id) for day in made] == [
        (DayStatus.HOLIDAY, "Hari jadi kota"),
        (DayStatus.OPEN, None),
    ]


@pytest.mark.parametrize("local_first", [True, False])
def test_of_two_the_one_for_all_names_the_day_and_each_outlives_the_other(
    session: Session, offering: OfficeService, other: OfficeService, slots: Slots, by, local_first: bool
) -> None:
    here: dict[str, Any] = {"office_id": offering.office_id}

    def add_both() -> None:
        for which, names in ((here, LOCAL), ({}, NATIONAL)) if local_first else (({}, NATIONAL), (here, LOCAL)):
            add_holiday(session, THURSDAY, **which, **names, **by)

    add_both()
    assert stands(slots, offering, other) == ["Pilkada", "Pilkada"]
    assert holidays_at(session, offering.office_id, THURSDAY, THURSDAY)[THURSDAY].name_id == "Pilkada"
    again = {"name_id": "Hari jadi Sragen", "name_en": ""}
    rename_holiday(session, THURSDAY, **here, **again, **who(by))
    assert stands(slots, offering, other) == ["Pilkada", "Pilkada"]
    assert delete_holiday(session, THURSDAY, **by) == 1
    assert stands(slots, offering, other) == ["Hari jadi Sragen", None]
    assert delete_holiday(session, THURSDAY, **here, **by) == 1

    add_both()
    assert delete_holiday(session, THURSDAY, **here, **by) == 0
    assert stands(slots, offering, other) == ["Pilkada", "Pilkada"]


def test_a_date_is_a_holiday_of_an_office_once(session: Session, offering: OfficeService, other, by) -> None:
    for office_id in (offering.office_id, other.office_id):
        add_holiday(session, THURSDAY, office_id=office_id, **LOCAL, **by)
        with pytest.raises(InvalidSchedule) as refused:
            add_holiday(session, THURSDAY, office_id=office_id, **LOCAL, **by)
        assert refused.value.details["reason"] == "holiday_exists"
    with pytest.raises(NotFound):
        delete_holiday(session, FRIDAY, office_id=offering.office_id, **by)
    with pytest.raises(NotFound):
        delete_holiday(session, THURSDAY, **by)  # for all offices it is none


@pytest.mark.parametrize("here", [True, False])
def test_the_database_has_the_last_word(session: Session, offering: OfficeService, here: bool) -> None:
    office_id = offering.office_id if here else None
    session.add_all(Holiday(date=THURSDAY, office_id=office_id, **LOCAL) for _ in range(2))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_local_holiday_is_never_only_proposed(session: Session, offering: OfficeService) -> None:
    proposed = HolidayStatus.PROPOSED
    session.add(Holiday(date=THURSDAY, office_id=offering.office_id, status=proposed, **LOCAL))
    with pytest.raises(IntegrityError):
        session.flush()


def test_only_people_of_its_office_stand_in_the_way(
    session: Session, offering: OfficeService, other: OfficeService, slots: Slots, book: Book, by
) -> None:
    book(of=other)
    kept = book(of=other).tickets[0].slot_id
    add_holiday(session, THURSDAY, office_id=offering.office_id, **LOCAL, **by)
    assert stands(slots, offering, other) == ["Hari jadi kota", None]
    assert slots(of=other)[0].booked == 2
    session.commit()
    with pytest.raises(HolidayBooked) as refused, session.begin_nested():
        add_holiday(session, THURSDAY, office_id=other.office_id, **LOCAL, **by)
    assert refused.value.details["days"] == (slots(of=other)[0].service_day_id,)
    assert holidays_at(session, other.office_id, THURSDAY, THURSDAY) == {}
    assert add_holiday(session, THURSDAY, office_id=other.office_id, **LOCAL, **by, terms=OfferTerms()) == 1
    closure = session.scalars(select(Closure)).one()
    assert (closure.office_id, closure.reason_id) == (other.office_id, "Hari jadi kota")
    assert stands(slots, other) == ["Hari jadi kota"]
    assert kept == slots(of=other)[0].id


def test_what_was_closed_for_one_stays_closed_for_the_other(
    session: Session, offering: OfficeService, other: OfficeService, slots: Slots, book: Book, by
) -> None:
    """People of both offices were sent elsewhere; then the election is on another day after all."""
    book()
    book(of=other)
    add_holiday(session, THURSDAY, **NATIONAL, **by, terms=OfferTerms())
    add_holiday(session, THURSDAY, office_id=offering.office_id, **LOCAL, **by)
    assert delete_holiday(session, THURSDAY, **by) == 1
    states = dict(session.execute(select(Closure.office_id, Closure.state)).all())
    assert states == {offering.office_id: ClosureState.CONFIRMED, other.office_id: ClosureState.REVOKED}
    assert stands(slots, offering, other) == ["Hari jadi kota", None]
    assert delete_holiday(session, THURSDAY, office_id=offering.office_id, **by) == 1
    assert set(session.scalars(select(Closure.state))) == {ClosureState.REVOKED}
    assert stands(slots, offering, other) == [None, None]


@pytest.mark.parametrize("accepted", [True, False])
def test_it_is_no_matter_of_what_a_calendar_proposes(
    session: Session, offering: OfficeService, other: OfficeService, slots: Slots, clock: FixedClock, by, accepted: bool
) -> None:
    add_holiday(session, THURSDAY, office_id=offering.office_id, **LOCAL, **by)
    known = KnownHoliday(THURSDAY, "Idulfitri", "Eid", estimated=True)
    assert propose_holidays(session, [known], now=clock.now()) == 1
    assert stands(slots, offering, other) == ["Idulfitri (perkiraan libur)"] * 2
    decide_holidays(session, THURSDAY.year, [THURSDAY] if accepted else [], complete=True, **by)
    assert stands(slots, offering, other) == (["Idulfitri"] * 2 if accepted else ["Hari jadi kota", None])
    assert session.get_one(HolidayYear, THURSDAY.year)


def test_a_copy_of_an_office_has_holidays_of_its_own(
    session: Session, offering: OfficeService, clock: FixedClock, by
) -> None:
    add_holiday(session, THURSDAY, office_id=offering.office_id, **LOCAL, **by)
    add_holiday(session, FRIDAY, **NATIONAL, **by)
    new = make_office(session, "gemolong")
    copy_office(session, offering.office_id, new.id, actor=TESTER, now=clock.now())
    days = session.execute(select(ServiceDay.day, ServiceDay.status).where(ServiceDay.office_id == new.id)).all()
    assert {day: status for day, status in days if day in (THURSDAY, FRIDAY)} == {
        THURSDAY: DayStatus.OPEN,
        FRIDAY: DayStatus.HOLIDAY,
    }
