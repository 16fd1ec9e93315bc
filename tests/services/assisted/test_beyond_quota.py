"""Places beyond the quota and the cap, and requests that are repeated."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.calendar import Share
from queue_app.domain.errors import AlreadyBooked, ReasonRequired, RequestChanged, SlotFull
from queue_app.domain.priority import Priority
from queue_app.models import OfficeService, ServiceDay
from queue_app.services.booking.change import cancel
from tests.harness.factories import make_applicant
from tests.harness.fakes import FixedClock
from tests.services.assisted.conftest import EIGHT, NINE, Give, refused
from tests.services.conftest import Slots

# Beyond the quota


@pytest.mark.usefixtures("sound")
def test_a_place_beyond_quota_and_cap_takes_a_reason_that_is_kept(
    session: Session, give: Give, taken, slots: Slots, offering: OfficeService, audited, clock: FixedClock
) -> None:
    offering.walk_ins_per_day = 6
    session.commit()
    clock.set(EIGHT)
    for _ in range(6):
        give()
    assert refused(give) is SlotFull
    assert refused(give, exception=" ") is ReasonRequired
    assert refused(give, exception="NIK 3314991703050001") is ReasonRequired
    before = {slot.id: slot.capacity for slot in slots()}
    booked = give(make_applicant(), make_applicant(), exception="Rujukan  rumah sakit")
    assert taken(booked) == (8, Share.ASSISTED)
    assert {slot.id: slot.capacity - before[slot.id] for slot in slots() if slot.capacity != before[slot.id]} == {
        booked.slot_id: 2
    }
    kept = {entry.action: entry for entry in audited() if entry.reason}
    assert kept.keys() == {"slot.extra_place", "day.walk_ins_beyond_cap"}
    assert {entry.reason for entry in kept.values()} == {"Rujukan rumah sakit"}
    assert (kept["slot.extra_place"].before, kept["slot.extra_place"].after) == (
        {"capacity": 1},
        {"capacity": 3, "planned": 1, "outside_quota": False},
    )
    assert (kept["day.walk_ins_beyond_cap"].before, kept["day.walk_ins_beyond_cap"].after) == (
        {"cap": 6},
        {"walk_ins": 8},
    )


@pytest.mark.usefixtures("sound")
def test_who_needs_no_exception_is_not_recorded_as_one(
    session: Session, give: Give, audited, clock: FixedClock
) -> None:
    clock.set(EIGHT)
    give(exception="Kelihatannya penuh")
    give(at=NINE, exception="Kelihatannya penuh")
    assert not [entry for entry in audited() if entry.reason]


def test_an_exception_that_is_refused_widens_nothing(give: Give, slots: Slots, clock: FixedClock) -> None:
    siti = make_applicant()
    for _ in range(2):
        give(at=EIGHT)
    give(siti, at=NINE)
    assert refused(lambda **request: give(siti, **request), at=EIGHT, exception="Mendesak sekali") is AlreadyBooked
    assert {slot.capacity for slot in slots()} == {1}


@pytest.mark.usefixtures("sound")
def test_a_place_beyond_the_quota_is_not_given_again(
    session: Session, give: Give, slots: Slots, clock: FixedClock
) -> None:
    """Its reason was that of one person."""
    for _ in range(2):
        give(at=EIGHT)
    extra = give(at=EIGHT, exception="Rujukan rumah sakit")
    (widened,) = [slot for slot in slots() if slot.id == extra.slot_id]
    assert (widened.planned, widened.capacity, widened.booked) == (1, 2, 2)
    cancel(session, extra.booking_id, now=clock.now())
    session.commit()
    assert refused(give, at=EIGHT) is SlotFull


# Repeated


@pytest.mark.usefixtures("sound")
def test_a_repeated_request_gets_its_first_answer(
    session: Session, give: Give, slots: Slots, clock: FixedClock
) -> None:
    siti = make_applicant()
    clock.set(EIGHT - timedelta(seconds=1))
    first = give(siti, key="the-same")
    clock.set(EIGHT)  # now another place would be the first
    assert give(siti, key="the-same") == first
    assert session.get_one(ServiceDay, slots()[0].service_day_id).walk_ins == 1
    for changed in ({"at": NINE}, {"priority": Priority.URGENT}):
        assert refused(lambda **request: give(siti, **request), key="the-same", **changed) is RequestChanged
    assert refused(give, key="the-same") is RequestChanged
    assert refused(lambda **request: give(siti, **request), at=NINE) is None  # who has come may book again
    assert refused(lambda **request: give(siti, **request)) is AlreadyBooked
