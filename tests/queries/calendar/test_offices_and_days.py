"""Offices in their order, and what is closed of a day."""

from sqlalchemy.orm import Session

from queue_app.models import OfficeService
from queue_app.queries.calendar.days import closed_days
from queue_app.queries.calendar.offices import (
    offering_of_code,
    offering_of_slot,
    offering_of_slugs,
    offices,
)
from queue_app.services.calendar.closing import close_day, open_day
from tests.harness.factories import TESTER, make_offering, make_office, make_service, slots_of
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock


def test_only_offices_that_give_a_service_and_the_main_one_first(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    offering.office.position = 2
    first, empty = make_office(session, "gemolong"), make_office(session, "sambi")
    first.position, empty.position = 1, 0
    there = make_offering(session, first, offering.service, now=clock.now())
    session.flush()
    assert [office.slug for office in offices(session)] == ["gemolong", "sragen"]
    there.active = False
    session.flush()
    assert [office.slug for office in offices(session)] == ["sragen"]


def test_a_service_is_found_by_address_by_code_and_by_slot_while_it_is_given(
    session: Session, offering: OfficeService
) -> None:
    slot, *_ = slots_of(session, offering, THURSDAY)

    def found() -> list[OfficeService | None]:
        return [
            offering_of_slugs(session, "sragen", "ktp-rekam"),
            offering_of_code(session, "sragen", "KTP_REKAM"),
            offering_of_slot(session, slot.id),
        ]

    assert found() == [offering] * 3
    assert offering_of_slugs(session, "gemolong", "ktp-rekam") is None
    offering.active = False
    session.flush()
    assert found() == [None] * 3


def test_closed_days_are_told_by_service_and_no_longer_when_they_are_opened(
    session: Session, offering: OfficeService, clock: FixedClock
) -> None:
    other = make_offering(session, offering.office, make_service(session, "KK"), now=clock.now(), letter="B")
    here = offering.office_id
    days = [slots_of(session, one, THURSDAY)[0].service_day_id for one in (other, offering)]
    for day_id in days:
        close_day(session, day_id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=clock.now())
    session.flush()
    assert [one.letter for _, one in closed_days(session, here, THURSDAY)] == ["A", "B"]
    assert [one.letter for _, one in closed_days(session, here, THURSDAY, [other.service_id])] == ["B"]
    assert closed_days(session, here, FRIDAY) == []
    open_day(session, days[0], reason="Listrik nyala", actor=TESTER, now=clock.now())
    session.flush()
    assert [one.letter for _, one in closed_days(session, here, THURSDAY)] == ["A"]
