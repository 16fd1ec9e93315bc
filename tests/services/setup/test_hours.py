"""One week for many services, and the hours of one copied to others."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.clock import office_date
from queue_app.domain.errors import InvalidSchedule, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.setup import DayHours, InvalidSetup, windows_of_week
from queue_app.models import OfficeService, Slot
from queue_app.queries.records.invariants import verify
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from queue_app.services.setup.copied_weeks import week_of_service
from queue_app.services.setup.hours import set_hours
from queue_app.services.setup.offered import offer_services
from queue_app.services.setup.weeks import set_weeks
from tests.harness.factories import TESTER, make_booking, make_offering, make_office, slots_of
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING, "reason": "Persiapan"}
TODAY = office_date(MONDAY_MORNING, "Asia/Jakarta")
LATER = TODAY + timedelta(days=7)
WEEK = [DayHours(day, time(8), time(12)) for day in range(5)]


def places(session: Session, offering: OfficeService, day: date) -> list[tuple[int, int]]:
    session.flush()
    return [(slot.starts_at.hour + 7, slot.capacity) for slot in slots_of(session, offering, day)]


def copy_hours(session: Session, source: OfficeService, targets: list[int], *, valid_from: date) -> None:
    set_weeks(session, source.office_id, week_of_service(session, targets, source.id, valid_from), **BY)


def test_a_new_office_can_open_today(session: Session) -> None:
    office = make_office(session)
    codes = ["IKD", "KTP_AMBIL"]
    first, second = offer_services(session, office.id, codes, actor=TESTER, now=MONDAY_MORNING)
    quotas = {first.id: 40, second.id: 8}
    set_hours(session, office.id, WEEK, 120, quotas, name="Biasa", valid_from=TODAY, **BY)
    assert places(session, first, TODAY) == [(8, 20), (10, 20)]
    assert places(session, second, TODAY + timedelta(days=1)) == [(8, 4), (10, 4)]
    assert places(session, first, TODAY + timedelta(days=5)) == []  # Saturday
    assert office.opening_hours_id == "Senin–Jumat 08.00–12.00"


def test_hours_that_are_told_already_stay(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    offering.office.opening_hours_id = "Setiap hari"
    quotas = {offering.id: 10}
    set_hours(session, offering.office_id, WEEK, 60, quotas, name="Baru", valid_from=LATER, **BY)
    assert offering.office.opening_hours_id == "Setiap hari"
    assert len(places(session, offering, LATER)) == 4


def test_a_service_with_hours_gets_others_only_from_tomorrow_on(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    with pytest.raises(InvalidSchedule):
        set_hours(session, offering.office_id, WEEK, 60, {offering.id: 10}, name="Baru", valid_from=TODAY, **BY)


def test_a_service_of_another_office_is_not_touched(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    offering = make_offering(session, there, now=MONDAY_MORNING)
    with pytest.raises(NotFound):
        set_hours(session, here.id, WEEK, 60, {offering.id: 10}, name="Baru", valid_from=LATER, **BY)
    source = make_offering(session, here, offering.service, now=MONDAY_MORNING)
    with pytest.raises(NotFound):
        copy_hours(session, source, [offering.id], valid_from=LATER)


def test_copied_hours_keep_each_services_own_quota(session: Session, keyring: Keyring) -> None:
    source = make_offering(session, now=MONDAY_MORNING, hours=(8, 9, 10, 13), capacity=5, kept={Share.ASSISTED: 1})
    kinds = offer_services(session, source.office_id, ["IKD", "KTP_AMBIL"], actor=TESTER, now=MONDAY_MORNING)
    own, empty = kinds
    set_hours(session, source.office_id, WEEK[:4], 240, {own.id: 40}, name="Lama", valid_from=TODAY, **BY)
    copy_hours(session, source, [own.id, empty.id], valid_from=LATER)
    thursday, friday = LATER + timedelta(days=3), LATER + timedelta(days=4)
    for day in (thursday, friday):  # closed on Fridays before: it gets what it has on its other days
        public = [slot.capacity for slot in slots_of(session, own, day) if slot.share is Share.PUBLIC]
        assert [places for places in public if places] == [10, 10, 10, 10]
    assert sum(slot.capacity for slot in slots_of(session, empty, friday)) == 24  # as many as the source
    assert [one.breaches for one in verify(session, keyring=keyring, now=MONDAY_MORNING) if one.breaches] == []


def test_who_is_booked_keeps_the_place_in_an_hour_that_goes(session: Session, keyring: Keyring) -> None:
    source = make_offering(session, now=MONDAY_MORNING, hours=(13,))
    (other,) = offer_services(session, source.office_id, ["IKD"], actor=TESTER, now=MONDAY_MORNING)
    set_hours(session, source.office_id, WEEK, 240, {other.id: 40}, name="Lama", valid_from=TODAY, **BY)
    slot = slots_of(session, other, LATER)[0]
    make_booking(session, slot.id, keyring=keyring, now=MONDAY_MORNING)
    copy_hours(session, source, [other.id], valid_from=TODAY + timedelta(days=2))
    assert places(session, other, LATER) == [(8, 1), (13, 40)]


def test_hours_that_end_are_copied_with_their_end(session: Session) -> None:
    """Those of Ramadan, for one: afterwards each service has its usual week again."""
    here = make_office(session)
    source, target = offer_services(session, here.id, ["IKD", "KTP_AMBIL"], actor=TESTER, now=MONDAY_MORNING)
    set_hours(session, here.id, WEEK, 60, {source.id: 8, target.id: 8}, name="Biasa", valid_from=TODAY, **BY)
    windows = windows_of_week([DayHours(day, time(8), time(10)) for day in range(5)], 60, 4)
    last = LATER + timedelta(days=6)
    set_schedule(session, source.id, NewSchedule("Ramadan", LATER, last, windows), **BY)
    copy_hours(session, source, [target.id], valid_from=LATER)
    assert [one for one in places(session, target, LATER) if one[1]] == [(8, 4), (9, 4)]
    assert len([one for one in places(session, target, last + timedelta(days=1)) if one[1]]) == 4


def test_a_source_without_hours_is_refused(session: Session) -> None:
    source = make_offering(session, now=MONDAY_MORNING)
    (other,) = offer_services(session, source.office_id, ["IKD"], actor=TESTER, now=MONDAY_MORNING)
    with pytest.raises(InvalidSetup) as refused:
        copy_hours(session, other, [source.id], valid_from=LATER)
    assert refused.value.details["reason"] == "no_hours"
    assert session.scalars(select(Slot.id)).first() is not None
