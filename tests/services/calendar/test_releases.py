"""What one share has left goes to another at its moment: each hour once, and the sum stays."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share, Window
from queue_app.domain.errors import ReasonRequired
from queue_app.domain.releases import InvalidRelease, Release
from queue_app.models import OfficeService, ReleasedSlot, ShareRelease, Slot
from queue_app.queries.records.planned_places import places_as_decided
from queue_app.services.calendar.closing import close_day, open_day
from queue_app.services.calendar.releases import due_releases, release_day, set_releases
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.factories import TESTER, make_offering
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Slots

BY = {"reason": "Banyak sisa", "actor": TESTER}
NOON, EVENING = time(12), time(18)
WIB = ZoneInfo("Asia/Jakarta")
WEDNESDAY_NOON = datetime(2026, 11, 25, 12, tzinfo=WIB)
HALF = Release(1, NOON, Share.ASSISTED, Share.PUBLIC, 50)
ALL = Release(1, EVENING, Share.ASSISTED, Share.PUBLIC)
TO_PRIORITY = Release(0, time(8), Share.PUBLIC, Share.PRIORITY)

Sweep = Callable[..., int]
Places = Callable[..., dict[Share, list[int]]]


@pytest.fixture
def offering(session: Session, clock: FixedClock) -> OfficeService:
    """At 8 and 9 two public and five assisted places each."""
    kept = {Share.ASSISTED: 5}
    offering = make_offering(session, now=clock.now(), opens_days_before=7, weekdays=(3, 4), kept=kept)
    session.commit()
    return offering


@pytest.fixture
def sweep(session: Session, clock: FixedClock) -> Sweep:
    def sweep(at: datetime) -> int:
        clock.set(at)
        return sum(release_day(session, *one, now=at) for one in due_releases(session, now=at))

    return sweep


@pytest.fixture
def places(slots: Slots) -> Places:
    def places(day=THURSDAY) -> dict[Share, list[int]]:
        found = slots(day)
        return {share: [slot.planned for slot in found if slot.share is share] for share in Share}

    return places


@pytest.fixture
def setting(session: Session, offering: OfficeService, clock: FixedClock) -> Callable[..., bool]:
    return lambda *releases: set_releases(session, offering.id, releases, now=clock.now(), **BY)


def sound(session: Session, now: datetime) -> bool:
    return list(places_as_decided(session, now=now)) == []


def test_several_a_day_each_at_its_moment(session: Session, setting, sweep: Sweep, places: Places, audited) -> None:
    setting(ALL, HALF)
    assert sweep(WEDNESDAY_NOON - timedelta(minutes=1)) == 0
    assert sweep(WEDNESDAY_NOON) == 4
    assert places() == {Share.PUBLIC: [4, 4], Share.ASSISTED: [3, 3], Share.PRIORITY: []}
    assert places(FRIDAY)[Share.ASSISTED] == [5, 5]
    assert sweep(WEDNESDAY_NOON + timedelta(hours=1)) == 0, "once is once"
    assert sweep(WEDNESDAY_NOON + timedelta(hours=6)) == 6
    assert places()[Share.PUBLIC] == [7, 7]
    entries = [entry for entry in audited() if entry.action == "day.released"]
    assert [entry.after["moved"] for entry in entries] == [4, 6]
    assert {entry.actor for entry in entries} == {"system:release-shares"}
    assert sound(session, WEDNESDAY_NOON)


def test_a_sweep_that_was_missed_is_made_up_in_order(session: Session, setting, sweep: Sweep, places: Places) -> None:
    setting(HALF, ALL)
    assert sweep(WEDNESDAY_NOON + timedelta(hours=8)) == 10
    assert session.scalars(select(ReleasedSlot.moved).order_by(ReleasedSlot.moved)).all() == [2, 2, 3, 3]
    assert places()[Share.PUBLIC] == [7, 7]


def test_what_is_booked_stays_and_what_is_given_back_later_is_not_released_again(
    session: Session, setting, sweep: Sweep, places: Places
) -> None:
    setting(ALL)
    assisted = (Slot.day == THURSDAY, Slot.share == Share.ASSISTED)
    session.execute(update(Slot).where(*assisted).values(booked=2))
    session.commit()
    assert sweep(WEDNESDAY_NOON + timedelta(hours=6)) == 6
    assert places() == {Share.PUBLIC: [5, 5], Share.ASSISTED: [2, 2], Share.PRIORITY: []}
    session.execute(update(Slot).where(*assisted).values(booked=1))
    assert sweep(WEDNESDAY_NOON + timedelta(hours=7)) == 0


def test_a_share_without_slots_gets_them_with_numbers_of_their_own(
    session: Session, setting, sweep: Sweep, slots: Slots
) -> None:
    setting(TO_PRIORITY)
    assert sweep(datetime(2026, 11, 26, 8, tzinfo=WIB)) == 4
    blocks = sorted((slot.next_number, slot.last_number) for slot in slots())
    assert len(blocks) == 6
    assert all(last < first for (_first, last), (first, _last) in zip(blocks, blocks[1:], strict=False))


def test_hours_that_are_over_or_closed_wait_and_a_day_reopened_is_released(
    session: Session, setting, sweep: Sweep, places: Places, slots: Slots
) -> None:
    setting(ALL)
    late = datetime(2026, 11, 26, 8, 30, tzinfo=WIB)
    day_id = slots()[0].service_day_id
    close_day(session, day_id, reason_id="Listrik padam", reason_en="", actor=TESTER, now=WEDNESDAY_NOON)
    assert sweep(late) == 0
    open_day(session, day_id, reason="Listrik nyala", actor=TESTER, now=late)
    assert sweep(late + timedelta(minutes=40)) == 5
    assert places()[Share.PUBLIC] == [2, 7]


def test_a_new_schedule_gives_the_shares_anew_and_they_are_released_anew(
    session: Session, offering: OfficeService, setting, sweep: Sweep, places: Places
) -> None:
    setting(HALF)
    sweep(WEDNESDAY_NOON)
    windows = tuple(Window(3, time(8), time(9), share, 4) for share in (Share.PUBLIC, Share.ASSISTED))
    set_schedule(session, offering.id, NewSchedule("Baru", THURSDAY, None, windows), now=WEDNESDAY_NOON, **BY)
    assert places()[Share.ASSISTED] == [4, 0]
    assert sweep(WEDNESDAY_NOON + timedelta(minutes=1)) == 2
    assert places() == {Share.PUBLIC: [6, 0], Share.ASSISTED: [2, 0], Share.PRIORITY: []}
    assert sound(session, WEDNESDAY_NOON)


def test_a_release_that_stays_is_the_same_one(session: Session, setting, sweep: Sweep, audited) -> None:
    assert setting(HALF)
    sweep(WEDNESDAY_NOON)
    assert not setting(HALF)
    assert setting(HALF, ALL)
    assert sweep(WEDNESDAY_NOON + timedelta(minutes=5)) == 0
    assert setting(ALL)
    assert session.scalar(select(func.count()).select_from(ShareRelease)) == 1
    assert session.scalar(select(func.count()).select_from(ReleasedSlot)) == 0
    assert audited()[-1].after == {"releases": [[1, "18:00", "assisted", "public", 100]]}


def test_releases_need_a_reason_and_a_sense(session: Session, offering: OfficeService, setting, clock) -> None:
    with pytest.raises(ReasonRequired):
        set_releases(session, offering.id, [HALF], reason="", actor=TESTER, now=clock.now())
    with pytest.raises(InvalidRelease):
        setting(HALF, HALF)
