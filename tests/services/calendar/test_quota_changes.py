"""Many days changed at once, never at anybody's expense, with a second person above a size, and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share, Window
from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.overrides import AgreementNeeded
from queue_app.domain.quota_change import InvalidQuotaChange, NewQuota, QuotaUnit
from queue_app.domain.roles import Role
from queue_app.models import OfficeService, QuotaChange, ServiceDay, Slot, Staff, StaffAssignment
from queue_app.queries.records.planned_places import places_as_decided
from queue_app.services.calendar.closing import close_day
from queue_app.services.calendar.quota import set_day_quota
from queue_app.services.calendar.quota_changes import change_quotas
from queue_app.services.calendar.quota_limit import Deed, set_quota_limit
from queue_app.services.calendar.quota_plan import plan_quota
from queue_app.services.calendar.quota_undo import undo_change, undo_plan
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

WEEK = timedelta(days=7)
REASON = {"reason": "Mesin rusak", "actor": TESTER}


@pytest.fixture
def deed(session: Session, offering: OfficeService, desk: Staff, clock: FixedClock) -> Deed:
    desk.assignments = [StaffAssignment(office_id=offering.office_id, role=Role.ADMINISTRATOR)]
    session.commit()
    return Deed(desk.id, None, "Operator cuti", clock.now())


@pytest.fixture
def new(offering: OfficeService) -> NewQuota:
    """Six places on Thursday, on Friday and on Monday."""
    return NewQuota(THURSDAY, THURSDAY + timedelta(days=6), frozenset({offering.service_id}), QuotaUnit.PLACES, 6)


@pytest.fixture
def planned(session: Session, slots: Slots) -> Callable[..., list[int]]:
    return lambda day=THURSDAY: [slot.planned for slot in slots(day)]


def sound(session: Session, clock: FixedClock) -> bool:
    return list(places_as_decided(session, now=clock.now())) == []


def test_the_preview_is_what_is_carried_out(
    session: Session, book: Book, new: NewQuota, deed: Deed, offering: OfficeService, planned, audited, clock
) -> None:
    book(persons=2)
    plan = plan_quota(session, offering.office_id, new, now=clock.now())
    assert [(one.day, one.before, one.after, one.booked) for one in plan.changed][:2] == [
        (THURSDAY, 4, 6, 2),
        (FRIDAY, 4, 6, 0),
    ]
    assert planned() == [2, 2]
    change = change_quotas(session, offering.office_id, new, deed)
    assert (change.days, change.services, change.moved) == (3, 1, 6)
    assert planned() == planned(FRIDAY) == [3, 3]
    assert planned(THURSDAY + WEEK) == [2, 2]
    entries = [entry for entry in audited() if entry.action == "day.quota"]
    assert [(one.before["quota"], one.after["quota"], one.reason) for one in entries] == [(4, 6, "Operator cuti")] * 3
    assert sound(session, clock)


def test_a_day_is_kept_at_what_is_booked_and_the_others_are_changed(
    session: Session, book: Book, new: NewQuota, deed: Deed, offering: OfficeService, planned
) -> None:
    book(persons=2)
    book(window=1)
    plan = plan_quota(session, offering.office_id, replace(new, amount=1), now=deed.now)
    assert [one.kept for one in plan.changed] == [True, False, False]
    change_quotas(session, offering.office_id, replace(new, amount=1), deed)
    assert (planned(), planned(FRIDAY)) == ([2, 1], [1, 0])


def test_only_the_hours_that_are_meant_change(
    session: Session, new: NewQuota, deed: Deed, offering: OfficeService, planned, audited, clock
) -> None:
    hour = replace(new, last_day=THURSDAY, starts_at=time(9), ends_at=time(10), amount=5)
    change_quotas(session, offering.office_id, hour, deed)
    assert (planned(), planned(FRIDAY)) == ([2, 5], [2, 2])
    assert (audited()[-1].before["quota"], audited()[-1].after["quota"]) == (4, 7)
    more = replace(new, unit=QuotaUnit.PERCENT, amount=50, weekdays=frozenset({4}))
    change_quotas(session, offering.office_id, more, deed)
    assert (planned(), planned(FRIDAY)) == ([2, 5], [3, 3])
    assert sound(session, clock)


def test_closed_days_are_left_alone_and_a_change_of_nothing_is_none(
    session: Session, new: NewQuota, deed: Deed, offering: OfficeService, day: ServiceDay, planned
) -> None:
    close_day(session, day.id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=deed.now)
    plan = plan_quota(session, offering.office_id, new, now=deed.now)
    assert (len(plan.changed), plan.left_alone) == (2, 1)
    for nothing in (replace(new, last_day=THURSDAY), replace(new, amount=4), replace(new, share=Share.PRIORITY)):
        with pytest.raises(InvalidQuotaChange, match="invalid_quota_change"):
            change_quotas(session, offering.office_id, nothing, deed)
    with pytest.raises(ReasonRequired):
        change_quotas(session, offering.office_id, new, replace(deed, reason=""))


def test_above_its_size_a_second_person_who_may_set_quotas_agrees(
    session: Session, new: NewQuota, deed: Deed, offering: OfficeService, audited
) -> None:
    offering.office.quota_alone = 5
    other, officer = (Staff(username=name, name=name, password_hash="-", created_at=deed.now) for name in "ab")
    other.assignments = [StaffAssignment(office_id=offering.office_id, role=Role.ADMINISTRATOR)]
    officer.assignments = [StaffAssignment(office_id=offering.office_id, role=Role.DESK)]
    session.add_all((other, officer))
    session.commit()
    for second, why in ((None, "places"), (deed.staff_id, "the_same"), (officer.id, "no_quota")):
        with pytest.raises(AgreementNeeded) as refusal:
            change_quotas(session, offering.office_id, new, replace(deed, second_id=second))
        assert refusal.value.details["why"] == why
    agreed = replace(deed, second_id=other.id)
    with pytest.raises(AgreementNeeded):  # nor does one raise the number first
        set_quota_limit(session, offering.office_id, 500, deed)
    change = change_quotas(session, offering.office_id, new, agreed)
    assert [entry.subject_id for entry in audited() if entry.action == "quota.agreed"] == [other.id]
    with pytest.raises(AgreementNeeded):
        undo_change(session, change.id, offering.office_id, deed)
    session.rollback()
    assert set_quota_limit(session, offering.office_id, 500, agreed)
    assert set_quota_limit(session, offering.office_id, 4, deed)


def test_undone_it_is_as_before_and_the_schedule_leads_again(
    session: Session, new: NewQuota, deed: Deed, offering: OfficeService, day: ServiceDay, planned, audited, clock
) -> None:
    change = change_quotas(session, offering.office_id, new, deed)
    assert session.get_one(ServiceDay, day.id, populate_existing=True).set_by_hand
    undone = undo_change(session, change.id, offering.office_id, replace(deed, reason="Keliru"))
    assert not any(one.left for one in undone)
    assert planned() == planned(FRIDAY) == [2, 2]
    assert not session.get_one(ServiceDay, day.id, populate_existing=True).set_by_hand
    assert (audited()[-1].before["quota"], audited()[-1].after["quota"], audited()[-1].reason) == (6, 4, "Keliru")
    assert sound(session, clock)
    with pytest.raises(InvalidQuotaChange) as refusal:
        undo_change(session, change.id, offering.office_id, deed)
    assert refusal.value.details["reason"] == "undone"
    with pytest.raises(NotFound):
        undo_change(session, change.id, offering.office_id + 1, deed)


def test_what_was_changed_since_is_left_and_listed(
    session: Session, book: Book, new: NewQuota, deed: Deed, offering: OfficeService, day: ServiceDay, planned, clock
) -> None:
    change = change_quotas(session, offering.office_id, new, deed)
    set_day_quota(session, day.id, 8, now=deed.now, **REASON)
    book(day=FRIDAY, persons=3)
    left = [
        one.slot.day for one in undo_plan(session, session.get_one(QuotaChange, change.id), now=deed.now) if one.left
    ]
    assert left == [THURSDAY, THURSDAY]
    undo_change(session, change.id, offering.office_id, deed)
    assert (planned(), planned(FRIDAY)) == ([4, 4], [2, 2])
    capacity = session.scalars(select(Slot.capacity).where(Slot.day == FRIDAY).order_by(Slot.starts_at)).all()
    assert capacity == [3, 2]  # who has booked stays
    assert sound(session, clock)


def test_a_day_whose_schedule_is_another_one_meanwhile_stays_set_by_hand(
    session: Session, new: NewQuota, deed: Deed, offering: OfficeService, day: ServiceDay, planned, clock
) -> None:
    change = change_quotas(session, offering.office_id, new, deed)
    windows = tuple(Window(3, time(hour), time(hour + 1), Share.PUBLIC, 9) for hour in (8, 9))
    set_schedule(session, offering.id, NewSchedule("Baru", THURSDAY, None, windows), now=deed.now, **REASON)
    undo_change(session, change.id, offering.office_id, deed)
    assert planned() == [2, 2]
    assert session.get_one(ServiceDay, day.id, populate_existing=True).set_by_hand
    assert sound(session, clock)


def test_nothing_is_undone_of_hours_that_are_over(
    session: Session, new: NewQuota, deed: Deed, offering: OfficeService, clock: FixedClock
) -> None:
    change = change_quotas(session, offering.office_id, replace(new, last_day=THURSDAY), deed)
    later = replace(deed, now=clock.now() + WEEK)
    with pytest.raises(InvalidQuotaChange) as refusal:
        undo_change(session, change.id, offering.office_id, later)
    assert refusal.value.details["reason"] == "changed_since"
