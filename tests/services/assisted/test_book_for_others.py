"""Booking for those who cannot do it themselves: which place is whose, and who is here already."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import Share
from queue_app.domain.errors import DayClosed, InvalidParty, NotFound, NotOpenYet, SlotFull, WalkInsUsedUp
from queue_app.domain.priority import Channel, Priority
from queue_app.domain.roles import Actor
from queue_app.domain.visits import VisitState
from queue_app.models import Booking, CheckIn, OfficeService, ServiceDay, Slot, Staff, Ticket, Visit
from queue_app.queries.assisted.windows import walk_in_places, windows
from queue_app.services.booking.request import Applicant
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import (
    give_places,
    make_applicant,
    make_nik,
    make_offering,
    make_office,
    make_service,
    slots_of,
)
from tests.harness.fakes import THURSDAY, FixedClock
from tests.services.assisted.conftest import EIGHT, HALF_PAST_SEVEN, NINE, Give, refused
from tests.services.conftest import Slots

# Which places


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize(
    ("priority", "shares"),
    [
        (Priority.VULNERABLE, [Share.PRIORITY, Share.ASSISTED, Share.PUBLIC]),
        (None, [Share.ASSISTED, Share.PUBLIC]),
    ],
)
def test_for_a_later_hour_what_is_kept_goes_first(
    session: Session, give: Give, taken, offering: OfficeService, clock: FixedClock, priority, shares: list[Share]
) -> None:
    rules = offering.booking_rules
    for left, share in zip(range(len(shares), 0, -1), shares, strict=True):
        (window, *_) = windows(session, offering, rules=rules, priority=priority, now=clock.now())
        assert (window.day, window.starts_at, window.remaining) == (THURSDAY, EIGHT, left)
        assert taken(give(at=EIGHT, priority=priority)) == (8, share)
    assert EIGHT not in {
        window.starts_at for window in windows(session, offering, rules=rules, priority=priority, now=clock.now())
    }
    assert refused(give, at=EIGHT, priority=priority) is SlotFull


@pytest.mark.usefixtures("sound")
def test_who_came_without_an_appointment_has_what_is_kept_until_the_hour_of_release(
    session: Session, give: Give, taken, offering: OfficeService, clock: FixedClock
) -> None:
    clock.set(EIGHT - timedelta(seconds=1))
    assert walk_in_places(session, offering, priority=None, now=clock.now()).remaining == 2
    assert [taken(give()) for _ in range(2)] == [(8, Share.ASSISTED), (9, Share.ASSISTED)]
    assert refused(give) is SlotFull
    clock.advance(seconds=1)
    assert walk_in_places(session, offering, priority=None, now=clock.now()).remaining == 4
    assert [taken(give()) for _ in range(3)] == [(8, Share.PUBLIC), (8, Share.PRIORITY), (9, Share.PUBLIC)]


@pytest.mark.usefixtures("sound")
def test_the_hour_of_release_is_the_offices_own(
    session: Session, give: Give, taken, offering: OfficeService, clock: FixedClock
) -> None:
    """Two hours earlier in Jayapura; and a window is today's by the day there."""
    east = ZoneInfo("Asia/Jayapura")
    offering.office.time_zone = east.key
    for slot in session.scalars(select(Slot)):
        slot.starts_at, slot.ends_at = slot.starts_at - timedelta(hours=2), slot.ends_at - timedelta(hours=2)
    session.commit()
    clock.set(datetime(2026, 11, 26, 7, 59, 59, tzinfo=east))
    assert taken(give())[1] is Share.ASSISTED
    clock.advance(seconds=1)
    assert [taken(give(priority=Priority.URGENT))[1] for _ in range(2)] == [Share.PRIORITY, Share.PUBLIC]


def test_a_window_that_is_over_is_passed_by_and_one_that_runs_is_not(give: Give, taken, clock: FixedClock) -> None:
    clock.set(NINE - timedelta(seconds=1))
    assert taken(give(at=EIGHT)) == (8, Share.ASSISTED)
    clock.set(NINE)
    assert refused(give, at=EIGHT) is SlotFull
    assert refused(give, at=EIGHT, exception="Ibu hamil tua") is NotFound
    assert taken(give()) == (9, Share.ASSISTED)


@pytest.mark.usefixtures("sound")
def test_a_closed_day_gives_nothing_whatever_share(
    session: Session, give: Give, slots: Slots, clock: FixedClock
) -> None:
    reason = {"reason_id": "Listrik padam", "reason_en": ""}
    close_day(session, slots()[0].service_day_id, actor=Actor.system("tests"), now=clock.now(), **reason)
    session.commit()
    clock.set(HALF_PAST_SEVEN)
    for request in ({}, {"at": EIGHT}, {"exception": "Tetap mendesak"}, {"at": NINE, "exception": "Tetap mendesak"}):
        assert refused(give, **request) is DayClosed


def test_a_closed_day_is_said_to_be_closed_where_nothing_is_kept(
    session: Session, give: Give, offering: OfficeService, clock: FixedClock
) -> None:
    other = make_offering(
        session, None, make_service(session, "KIA"), now=clock.now(), letter="B", weekdays=(3,), opens_days_before=7
    )
    reason = {"reason_id": "Listrik padam", "reason_en": ""}
    day = slots_of(session, other, THURSDAY)[0].service_day_id
    close_day(session, day, actor=Actor.system("tests"), now=clock.now(), **reason)
    session.commit()
    clock.set(HALF_PAST_SEVEN)
    assert refused(give, of=other) is DayClosed


def test_a_day_that_cannot_be_booked_yet_cannot_be_booked_here_either(give: Give) -> None:
    assert refused(give, at=EIGHT + timedelta(days=8)) is NotOpenYet


def test_another_offices_service_is_not_found(
    session: Session, give: Give, offering: OfficeService, clock: FixedClock
) -> None:
    other = make_offering(session, make_office(session, "gemolong"), now=clock.now(), weekdays=(3,))
    session.commit()
    assert refused(give, of=other) is NotFound
    offering.active = False
    session.commit()
    assert refused(give, at=EIGHT) is NotFound


# Whoever is here already


@pytest.mark.usefixtures("sound")
def test_who_came_without_an_appointment_is_checked_in_and_gets_no_message(
    session: Session, give: Give, desk: Staff, messages, audited, clock: FixedClock
) -> None:
    clock.set(HALF_PAST_SEVEN)
    booked = give(priority=Priority.FIRST_TIMER)
    ticket = session.get_one(Ticket, booked.tickets[0].id)
    visit = session.get_one(Visit, ticket.id)
    assert (ticket.state, ticket.walk_in, ticket.priority) == (TicketState.CHECKED_IN, True, Priority.FIRST_TIMER)
    assert (visit.state, visit.since, visit.day) == (VisitState.WAITING, HALF_PAST_SEVEN, THURSDAY)
    assert session.scalars(select(CheckIn.staff_id)).all() == [desk.id]
    assert ticket.booking.channel is Channel.DESK
    assert messages(ticket.booking) == []
    assert {entry.actor for entry in audited()} == {f"staff:{desk.id}"}
    later = give(at=EIGHT + timedelta(days=1))
    assert messages(session.get_one(Booking, later.booking_id)) == ["confirmation"]


@pytest.mark.usefixtures("sound")
def test_a_kiosk_asks_for_no_name(session: Session, give: Give, clock: FixedClock) -> None:
    clock.set(HALF_PAST_SEVEN)
    booked = give(Applicant(None, make_nik()), channel=Channel.KIOSK)
    ticket = session.get_one(Ticket, booked.tickets[0].id)
    assert (ticket.name, ticket.booking.channel) == (None, Channel.KIOSK)


@pytest.mark.usefixtures("sound")
def test_a_party_stays_together(session: Session, give: Give, taken, clock: FixedClock) -> None:
    """In a row of numbers, of one share: those with a single place left are passed by."""
    give_places(session, 3, Share.PUBLIC)
    session.commit()
    clock.set(EIGHT)
    booked = give(*(make_applicant() for _ in range(3)))
    assert taken(booked) == (8, Share.PUBLIC)
    first = booked.tickets[0].queue_number
    assert [(ticket.position, ticket.queue_number) for ticket in booked.tickets] == [
        (number, first + number) for number in range(3)
    ]
    assert session.scalar(select(func.count()).select_from(Visit)) == 3
    siti = make_applicant()
    for people in ([siti, siti], [make_applicant() for _ in range(6)]):
        with pytest.raises((InvalidParty, SlotFull)):
            give(*people)


@pytest.mark.usefixtures("sound")
def test_the_days_cap_counts_persons_and_numbers_that_are_gone(
    session: Session, give: Give, slots: Slots, offering: OfficeService, clock: FixedClock
) -> None:
    offering.walk_ins_per_day = 2
    give_places(session, 2, Share.PUBLIC)
    session.commit()
    clock.set(EIGHT)
    give()
    with pytest.raises(WalkInsUsedUp) as refusal:
        give(make_applicant(), make_applicant())
    assert refusal.value.details == {"cap": 2}
    give()
    assert refused(give) is WalkInsUsedUp
    assert walk_in_places(session, offering, priority=None, now=clock.now()).available == 0
    assert session.get_one(ServiceDay, slots()[0].service_day_id).walk_ins == 2
    assert sum(slot.booked for slot in slots()) == 2  # who was refused holds no place
    give(at=NINE)  # with an appointment one may come
