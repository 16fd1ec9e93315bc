"""Closures of which everybody reads: which of them, from when, and until when."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.closures import ClosedTime, ClosureKind, OfferTerms
from queue_app.domain.keyring import Keyring
from queue_app.models import OfficeService
from queue_app.queries.calendar.closures_told import closures_to_tell
from queue_app.services.calendar.closures import NewClosure, confirm, draft, revoke
from queue_app.services.calendar.holidays import add_holiday, rename_holiday
from tests.harness.closing import closed, drafted
from tests.harness.factories import TESTER, make_applicant, make_booking, slots_of
from tests.harness.fakes import FRIDAY, MONDAY_MORNING, THURSDAY, FixedClock

MONDAY = date(2026, 11, 23)
NINE_TO_ELEVEN = (time(9), time(11))
Told = Callable[[], list[tuple[date, date]]]


@pytest.fixture
def told(session: Session, clock: FixedClock) -> Told:
    """The days of each of them that are told now."""

    def read() -> list[tuple[date, date]]:
        days = [one.days_to_tell(now=clock.now()) for one in closures_to_tell(session, now=clock.now())]
        return [some for some in days if some]

    return read


def test_from_confirmation_to_revocation(
    session: Session, offering: OfficeService, clock: FixedClock, told: Told
) -> None:
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    assert told() == []
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    assert told() == [(THURSDAY, THURSDAY)]
    (one,) = closures_to_tell(session, now=clock.now())
    assert [service.name_id for service in one.services] == ["Perekaman KTP-el"]
    assert (one.office_id, one.reason_id, one.reason_en) == (offering.office_id, "Listrik padam", "Power cut")
    assert [one.concerns(service) for service in (offering.service_id, offering.service_id + 1, None)] == [1, 0, 1]
    revoke(session, closure.id, office_id=offering.office_id, reason="Listrik nyala", actor=TESTER, now=clock.now())
    assert told() == []


def test_a_week_before_it_begins_and_not_when_it_is_over(
    session: Session, offering: OfficeService, clock: FixedClock, told: Told
) -> None:
    first, last = MONDAY + timedelta(days=8), MONDAY + timedelta(days=10)
    closed(session, offering, first, until=last, all_services=True, now=clock.now())
    assert told() == []
    clock.advance(hours=14, minutes=59)
    assert told() == [], "a minute before midnight in Sragen"
    clock.advance(minutes=1)
    assert told() == [(first, last)]
    clock.advance(days=8)
    assert told() == [(first + timedelta(days=1), last)], "what is over of it is not told"
    clock.advance(days=1, hours=23, minutes=59)
    assert told() == [(last, last)]
    clock.advance(minutes=1)
    assert told() == []


def test_hours_are_told_until_they_are_over(
    session: Session, offering: OfficeService, clock: FixedClock, told: Told
) -> None:
    closed(session, offering, THURSDAY, until=FRIDAY, hours=NINE_TO_ELEVEN, now=clock.now())
    clock.advance(days=3, hours=1, minutes=59)
    assert told() == [(THURSDAY, FRIDAY)]
    clock.advance(minutes=1)
    assert told() == [(FRIDAY, FRIDAY)]
    clock.advance(days=1)
    assert told() == []


def test_the_soonest_first_and_hours_that_were_dropped_not_at_all(
    session: Session, offering: OfficeService, keyring: Keyring, clock: FixedClock, told: Told
) -> None:
    slot = slots_of(session, offering, THURSDAY)[0]
    make_booking(session, slot.id, make_applicant(), keyring=keyring, now=clock.now())
    slot.planned = 0
    dropped = ClosedTime(THURSDAY, THURSDAY, only_dropped=True)
    new = NewClosure(dropped, "Jadwal baru")
    closure = draft(session, offering.office_id, new, actor=TESTER, now=clock.now())
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    assert told() == []
    closed(session, offering, FRIDAY, now=clock.now())
    closed(session, offering, MONDAY + timedelta(days=1), now=clock.now())
    assert [first for first, _last in told()] == [MONDAY + timedelta(days=1), FRIDAY]


def test_a_holiday_bears_the_name_that_the_list_has_now(
    session: Session, offering: OfficeService, keyring: Keyring
) -> None:
    make_booking(
        session, slots_of(session, offering, THURSDAY)[0].id, make_applicant(), keyring=keyring, now=MONDAY_MORNING
    )
    by = {"reason": "SKB", "actor": TESTER, "now": MONDAY_MORNING}
    names = {"name_id": "Hari jadi", "name_en": "Anniversary"}
    add_holiday(session, THURSDAY, **names, **by, today=MONDAY, terms=OfferTerms())
    rename_holiday(session, THURSDAY, name_id="Hari Jadi Sragen", name_en="Sragen Day", **by)
    (one,) = closures_to_tell(session, now=MONDAY_MORNING)
    assert (one.kind, one.reason_id, one.reason_en) == (ClosureKind.HOLIDAY, "Hari Jadi Sragen", "Sragen Day")
