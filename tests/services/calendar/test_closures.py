"""A closure from draft to confirmation: what it closes, and that its preview and progress say so."""

from collections import Counter
from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.file_sender import FileSender
from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import DayStatus, Share, Window
from queue_app.domain.closures import ClosureState, InvalidClosure
from queue_app.domain.errors import DayClosed, NotFound
from queue_app.domain.keyring import Keyring
from queue_app.models import AuditEntry, Closure, MessageState, OfficeService, OutboxMessage, ServiceDay
from queue_app.queries.calendar.closures import preview_closure, progress_of
from queue_app.services.booking.change import cancel
from queue_app.services.calendar.carrying_out import carry_out
from queue_app.services.calendar.closures import confirm, discard
from queue_app.services.calendar.days import make_days
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.closing import assert_sound, carry_out_all, closed, drafted, offers_of
from tests.harness.factories import TESTER, make_offering, make_service
from tests.harness.fakes import FRIDAY, THURSDAY, FixedClock
from tests.services.conftest import Book, Slots

MONDAY_AFTER = THURSDAY + timedelta(days=4)
AFTERNOON = (time(9), time(12))


def test_a_draft_closes_nothing_and_its_preview_writes_nothing(
    session: Session, book: Book, slots: Slots, offering: OfficeService, clock: FixedClock
) -> None:
    first, family = book(), book(window=1, persons=2)
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    session.commit()
    preview = preview_closure(session, closure, now=clock.now())
    assert not session.dirty
    assert not session.new
    assert (preview.days, preview.slots, preview.persons) == ((THURSDAY,), 2, 3)
    assert (preview.placed, preview.without_place, preview.calls) == (3, 0, 2)
    friday = slots(FRIDAY)
    assert [(one.affected.booking_id, one.place.starts_at) for one in preview.moves] == [
        (first.id, friday[0].starts_at),
        (family.id, friday[1].starts_at),
    ]
    assert all(slot.accepts for slot in slots())
    book()  # anybody may


def test_confirmed_it_takes_nobody_and_lists_everybody(
    session: Session, book: Book, day: ServiceDay, slots: Slots, offering: OfficeService, clock: FixedClock, audited
) -> None:
    first, gone, second = book(window=1), book(), book()
    cancel(session, gone.id, now=clock.now())
    closure = closed(session, offering, THURSDAY, now=clock.now())
    session.refresh(day)
    assert (day.status, day.reason_id, day.reason_en) == (DayStatus.CLOSED, "Listrik padam", "Power cut")
    assert day.closure_id == closure.id
    assert [(slot.accepts, slot.closure_id) for slot in slots()] == [(False, closure.id)] * 2
    with pytest.raises(DayClosed):
        book()
    session.rollback()
    assert {offer.booking_id for offer in offers_of(session, closure)} == {first.id, second.id}
    assert closure.state is ClosureState.DONE
    entry = next(entry for entry in audited() if entry.action == "closure.confirmed")
    assert (entry.reason, entry.after["taken"]) == ("Listrik padam", 2)


def test_confirming_twice_changes_nothing(
    session: Session, book: Book, offering: OfficeService, clock: FixedClock
) -> None:
    book()
    closure = closed(session, offering, THURSDAY, now=clock.now())
    assert confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now()) is closure
    assert carry_out_all(session, closure, now=clock.now()) == 0
    actions = Counter(
        session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "closure").order_by(AuditEntry.id))
    )
    assert actions == {"closure.drafted": 1, "closure.confirmed": 1}


def test_a_part_of_a_day(
    session: Session,
    book: Book,
    day: ServiceDay,
    slots: Slots,
    offering: OfficeService,
    keyring: Keyring,
    clock: FixedClock,
) -> None:
    stays, goes = book(), book(window=1)
    closure = closed(session, offering, THURSDAY, now=clock.now(), hours=AFTERNOON)
    session.refresh(day)
    assert day.status is DayStatus.OPEN
    assert [slot.accepts for slot in slots()] == [True, False]
    (offer,) = offers_of(session, closure)
    assert (offer.booking_id, offer.slot_id) == (goes.id, slots()[0].id), "the hour before is the earliest that fits"
    assert stays.tickets[0].state is TicketState.BOOKED
    assert_sound(session, keyring, clock)


def test_a_range_of_days_and_all_services(
    session: Session, book: Book, slots: Slots, offering: OfficeService, clock: FixedClock
) -> None:
    kk = make_service(session, "KK_BARU")
    other = make_offering(session, service=kk, now=clock.now(), letter="K", weekdays=(0, 3, 4))
    session.commit()
    book(), book(day=FRIDAY), book(of=other)
    closure = closed(session, offering, THURSDAY, until=FRIDAY, now=clock.now(), all_services=True)
    for day in (THURSDAY, FRIDAY):
        assert not any(slot.accepts for of in (offering, other) for slot in slots(day, of))
    offers = offers_of(session, closure)
    assert [offer.slot.day for offer in offers] == [MONDAY_AFTER] * 3
    assert offers[2].slot.service_id == other.service_id


def test_days_made_later_are_born_closed(
    session: Session, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    far = THURSDAY + timedelta(days=28)
    whole = closed(session, offering, far, now=clock.now())
    part = closed(session, offering, far + timedelta(days=1), now=clock.now(), hours=AFTERNOON)
    assert slots(far) == []
    clock.advance(days=25)
    make_days(session, offering, now=clock.now())
    assert [slot.closure_id for slot in slots(far)] == [whole.id] * 2
    assert slots(far)[0].service_day.status is DayStatus.CLOSED
    assert slots(far)[0].service_day.reason_id == "Listrik padam"
    assert [slot.accepts for slot in slots(far + timedelta(days=1))] == [True, False]
    assert slots(far + timedelta(days=1))[1].closure_id == part.id
    assert_sound(session, keyring, clock)


def test_hours_added_by_a_schedule_do_not_open_a_closed_part(
    session: Session, slots: Slots, offering: OfficeService, keyring: Keyring, clock: FixedClock
) -> None:
    closed(session, offering, THURSDAY, now=clock.now(), hours=AFTERNOON)
    windows = tuple(Window(3, time(hour), time(hour + 1), Share.PUBLIC, 5) for hour in (8, 9, 10, 13))
    new = NewSchedule("Panjang", THURSDAY, None, windows)
    set_schedule(session, offering.id, new, reason="Jam baru", actor=TESTER, now=clock.now())
    assert [(slot.capacity, slot.accepts) for slot in slots()] == [(5, True), (5, False), (5, False), (5, True)]
    assert_sound(session, keyring, clock)


def test_what_cannot_be_confirmed(session: Session, offering: OfficeService, clock: FixedClock) -> None:
    by = {"office_id": offering.office_id, "actor": TESTER, "now": clock.now()}
    closed(session, offering, THURSDAY, now=clock.now())
    again = drafted(session, offering, THURSDAY, now=clock.now())
    with pytest.raises(InvalidClosure) as refusal:
        confirm(session, again.id, **by)
    assert refusal.value.details == {"reason": "nothing"}
    with pytest.raises(NotFound):
        confirm(session, again.id, **(by | {"office_id": 4711}))
    past = drafted(session, offering, FRIDAY, now=clock.now())
    clock.advance(days=7)
    with pytest.raises(InvalidClosure) as refusal:
        confirm(session, past.id, **(by | {"now": clock.now()}))
    assert refusal.value.details == {"reason": "past_date"}
    discard(session, past.id, **by)
    assert session.get(Closure, past.id) is None


def test_progress_is_counted(session: Session, book: Book, offering: OfficeService, clock: FixedClock) -> None:
    for window in (0, 0, 1):
        book(window=window)
    closure = drafted(session, offering, THURSDAY, now=clock.now())
    confirm(session, closure.id, office_id=offering.office_id, actor=TESTER, now=clock.now())
    session.commit()
    carry_out(session, closure.id, now=clock.now(), limit=1)
    progress = progress_of(session, closure)
    assert (progress.offered, progress.left, progress.queued) == (1, 2, 1)
    carry_out_all(session, closure, now=clock.now())
    progress = progress_of(session, closure)
    assert (progress.offered, progress.left, progress.unanswered, progress.queued) == (3, 0, 3, 3)
    kinds = Counter(session.scalars(select(OutboxMessage.kind)))
    assert kinds["day_closed"] == 3
    messages = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "day_closed")).all()
    for message, channel in zip(messages, ("email", FileSender.channel, FileSender.channel), strict=True):
        message.state, message.channel = MessageState.SENT, channel
    session.commit()
    progress = progress_of(session, closure)
    assert (progress.queued, progress.sent, progress.filed, progress.failed) == (0, 1, 2, 0)
