"""An hour dropped from the schedule under people: one press, and each of them has an offer and one message."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus, Share, Window
from queue_app.domain.closures import ClosureState, InvalidClosure, OfferState
from queue_app.domain.errors import DayClosed, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, Closure, OfficeService, OutboxMessage, ServiceDay
from queue_app.queries.calendar.closures import preview_closure
from queue_app.queries.calendar.withdrawn import withdrawn_tickets
from queue_app.services.booking.answering import accept
from queue_app.services.booking.change import cancel
from queue_app.services.calendar.closures import NewClosure, confirm, redraft, revoke
from queue_app.services.calendar.dropped import draft_dropped
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.closing import assert_sound, carry_out_all, drafted, offers_of
from tests.harness.factories import TESTER
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

MONDAY_AFTER = THURSDAY + timedelta(days=4)
REASON = {"reason_id": "Jam pelayanan berubah", "reason_en": "The opening hours have changed"}


@pytest.fixture
def ramadan(session: Session, offering: OfficeService, clock: FixedClock):
    """A schedule that drops the second hour of Mondays, and on Thursdays has these places; Friday keeps both hours."""

    def ramadan(first: int = 2, second: int = 0) -> None:
        thursday = [(8, first), (9, second)]
        windows = [Window(3, time(hour), time(hour + 1), Share.PUBLIC, count) for hour, count in thursday if count]
        windows += [Window(4, time(hour), time(hour + 1), Share.PUBLIC, 2) for hour in (8, 9)]
        windows.append(Window(0, time(8), time(9), Share.PUBLIC, 2))
        new = NewSchedule("Ramadan", THURSDAY, None, tuple(windows))
        set_schedule(session, offering.id, new, reason="Jam puasa", actor=TESTER, now=clock.now())
        session.commit()

    return ramadan


@pytest.fixture
def pressed(session: Session, offering: OfficeService, clock: FixedClock):
    """The draft that one press makes."""

    def pressed() -> Closure:
        closure = draft_dropped(session, offering.id, **REASON, actor=TESTER, now=clock.now())
        session.commit()
        return closure

    return pressed


@pytest.fixture
def agreed(session: Session, offering: OfficeService, clock: FixedClock, pressed):
    """Pressed, looked at, and agreed to; the job has done its part."""

    def agreed() -> Closure:
        closure = pressed()
        confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
        carry_out_all(session, closure, now=clock.now())
        return closure

    return agreed


def test_each_has_one_offer_and_one_message_and_nobody_else_is_touched(
    session: Session,
    offering: OfficeService,
    book: Book,
    slots: Slots,
    clock: FixedClock,
    keyring: Keyring,
    ramadan,
    agreed,
    messages,
) -> None:
    stays, goes, too, elsewhere = book(), book(window=1), book(window=1), book(day=FRIDAY, window=1)
    ramadan()
    closure = agreed()
    assert (closure.state, closure.first_day, closure.last_day) == (ClosureState.DONE, THURSDAY, THURSDAY)
    offers = offers_of(session, closure)
    assert [(one.booking_id, one.state) for one in offers] == [(goes.id, OfferState.OPEN), (too.id, OfferState.OPEN)]
    assert [one.slot_id for one in offers] == [slots()[0].id, slots(FRIDAY)[0].id], "the earliest that fits"
    for booking in (goes, too):
        assert messages(booking).count("day_closed") == 1
    for booking in (stays, elsewhere):
        assert "day_closed" not in messages(booking)
    assert [slot.accepts for slot in (*slots(), *slots(FRIDAY))] == [True, False, True, True]
    assert session.get_one(ServiceDay, slots()[0].service_day_id).status is DayStatus.OPEN
    with pytest.raises(DayClosed):
        book(window=1)
    session.rollback()
    assert withdrawn_tickets(session, office_id=offering.office_id, now=clock.now()) == ()
    assert_sound(session, keyring, clock)


def test_the_preview_names_the_very_places(
    session: Session, book: Book, slots: Slots, clock: FixedClock, ramadan, pressed
) -> None:
    goes = book(window=1)
    ramadan()
    preview = preview_closure(session, pressed(), now=clock.now())
    assert [(one.affected.booking_id, one.place.starts_at) for one in preview.moves] == [
        (goes.id, slots()[0].starts_at)
    ]
    assert (preview.slots, preview.persons) == (1, 1)
    assert all(slot.accepts for slot in slots()), "a draft closes nothing"


def test_who_leaves_the_dropped_hour_takes_the_place_along(
    session: Session, book: Book, slots: Slots, clock: FixedClock, keyring: Keyring, ramadan, agreed
) -> None:
    goes, gives_up = book(window=1), book(window=1)
    ramadan()
    agreed()
    accept(session, goes.id, now=clock.now())
    session.commit()
    assert (slots()[1].capacity, slots()[1].booked) == (1, 1)
    cancel(session, gives_up.id, now=clock.now())
    session.commit()
    assert (slots()[1].capacity, slots()[1].booked) == (0, 0)
    assert_sound(session, keyring, clock)


def test_an_hour_that_was_only_cut_is_left_to_its_people(
    session: Session, offering: OfficeService, book: Book, clock: FixedClock, ramadan, pressed
) -> None:
    book(), book()
    ramadan(first=1, second=2)
    (entry,) = withdrawn_tickets(session, office_id=offering.office_id, now=clock.now())
    assert not entry.dropped
    with pytest.raises(InvalidClosure) as refusal:
        pressed()
    assert refusal.value.details["reason"] == "nothing"


def test_pressed_again_it_is_the_same_draft_with_what_was_written_into_it(
    session: Session, offering: OfficeService, book: Book, clock: FixedClock, ramadan, pressed
) -> None:
    book(window=1), book(window=1, day=MONDAY_AFTER)
    ramadan()
    closure = pressed()
    assert (closure.first_day, closure.last_day) == (THURSDAY, MONDAY_AFTER)
    better = NewClosure(closure.time, "Bulan Ramadan", "Ramadan")
    redraft(session, closure.id, better, office_id=offering.office_id, actor=TESTER, now=clock.now())
    assert pressed().id == closure.id
    assert (closure.reason_id, closure.reason_en) == ("Bulan Ramadan", "Ramadan")
    actions = Counter(
        session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "closure").order_by(AuditEntry.id))
    )
    assert actions == {"closure.drafted": 3}


def test_days_made_later_are_not_born_closed_beneath_it(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock, ramadan, agreed
) -> None:
    book(window=1), book(window=1, day=MONDAY_AFTER)
    ramadan()
    agreed()
    assert [slot.accepts for slot in (*slots(FRIDAY), *slots(MONDAY_AFTER))] == [True, True, True, False]
    set_schedule(
        session,
        offering.id,
        NewSchedule("Biasa", FRIDAY, None, tuple(Window(day, time(8), time(9), Share.PUBLIC, 2) for day in range(7))),
        reason="Hari tambahan",
        actor=TESTER,
        now=clock.now(),
    )
    session.commit()
    assert [slot.accepts for slot in slots(THURSDAY + timedelta(days=2))] == [True], "a day between, made just now"


def test_revoked_nobody_is_offered_an_hour_that_the_schedule_has_not(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock, keyring, ramadan, agreed
) -> None:
    goes, waits = book(window=1), book(window=1)
    ramadan()
    closure = agreed()
    accept(session, goes.id, now=clock.now())
    session.commit()
    by = {"office_id": offering.office_id, "actor": TESTER, "now": clock.now()}
    revoke(session, closure.id, reason="Ternyata ada petugas", **by)
    carry_out_all(session, closure, now=clock.now())
    assert {one.booking_id: one.state for one in offers_of(session, closure)} == {
        goes.id: OfferState.ACCEPTED,
        waits.id: OfferState.KEPT,
    }
    assert closure.undone_at is not None
    assert (slots()[1].accepts, slots()[1].capacity, slots()[1].booked) == (True, 1, 1)
    opened = session.scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "day_opened"))
    assert list(opened) == [waits.id]
    assert_sound(session, keyring, clock)


def test_added_places_never_lie_in_a_dropped_hour(
    session: Session, offering: OfficeService, book: Book, slots: Slots, clock: FixedClock, ramadan
) -> None:
    """Friday closes, and the closure may add places; nobody serves on Thursday at nine, though somebody is booked."""
    book(window=1), book(), book()
    book(day=FRIDAY), book(day=FRIDAY)
    book(day=MONDAY_AFTER), book(day=MONDAY_AFTER)
    ramadan()
    closure = drafted(session, offering, FRIDAY, now=clock.now(), extra_places=1)
    moves = preview_closure(session, closure, now=clock.now()).moves
    places = [move.place.starts_at for move in moves if move.place]
    assert places == [slots(MONDAY_AFTER)[0].starts_at, slots()[0].starts_at]


def test_a_service_that_is_not_there(session: Session, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        draft_dropped(session, 4711, **REASON, actor=TESTER, now=clock.now())
