"""Reminders come at the office's own 17.00 and 06.00, once, and never after the appointment."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.reminders import MessageKind
from queue_app.models import Booking, MessageState, OfficeService, OutboxMessage
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.records import outbox
from tests.harness.closing import closed
from tests.harness.factories import make_booking, make_offering, make_office, slots_of
from tests.harness.fakes import FixedClock
from tests.jobs.conftest import THURSDAY, utc

Run = Callable[[str], int]
Book = Callable[..., Booking]
Messages = Callable[[], list[OutboxMessage]]
BEFORE, SAME = MessageKind.REMINDER_DAY_BEFORE, MessageKind.REMINDER_SAME_DAY


def reminders(messages: Messages) -> list[MessageKind]:
    return [message.kind for message in messages() if message.kind in (BEFORE, SAME)]


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Jakarta", 7), ("Asia/Pontianak", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)]
)
def test_each_zone_is_reminded_at_its_own_hours(
    session: Session, keyring: FileKeyring, clock: FixedClock, run: Run, messages: Messages, zone: str, offset: int
) -> None:
    office = make_office(session, "kantor", time_zone=zone)
    offering = make_offering(session, office, now=clock.now())
    make_booking(session, slots_of(session, offering, THURSDAY)[0].id, keyring=keyring, now=clock.now())
    session.commit()
    for local, expected in (
        ("2026-11-25T16:59:59", []),
        ("2026-11-25T17:00:00", [BEFORE]),
        ("2026-11-25T23:59:00", [BEFORE]),
        ("2026-11-26T05:59:59", [BEFORE]),
        ("2026-11-26T06:00:00", [BEFORE, SAME]),
        ("2026-11-26T07:00:00", [BEFORE, SAME]),
    ):
        clock.set(utc(f"{local}+{offset:02d}:00"))
        run("queue-reminders")
        assert reminders(messages) == expected, local
        assert run("queue-reminders") == 0


def test_offices_in_three_zones_do_not_disturb_each_other(
    session: Session, keyring: FileKeyring, clock: FixedClock, run: Run
) -> None:
    for number, zone in enumerate(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")):
        offering = make_offering(session, make_office(session, f"kantor-{number}", time_zone=zone), now=clock.now())
        make_booking(session, slots_of(session, offering, THURSDAY)[0].id, keyring=keyring, now=clock.now())
    session.commit()
    clock.set(utc("2026-11-25T08:00+00:00"))  # 17.00 WIT, 16.00 WITA, 15.00 WIB
    assert [run("queue-reminders"), clock.advance(hours=1) and run("queue-reminders")] == [1, 1]
    clock.advance(hours=1)
    assert run("queue-reminders") == 1


def test_after_a_dead_day_only_the_latest_reminder_goes_out(
    clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    book()
    clock.set(utc("2026-11-26T07:00+07:00"))  # the scheduler was dead on Wednesday evening
    assert run("queue-reminders") == 1
    assert reminders(messages) == [SAME]


def test_nobody_is_reminded_of_an_appointment_that_has_passed(
    clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    book()
    clock.set(utc("2026-11-26T08:00+07:00"))
    assert run("queue-reminders") == 0
    clock.advance(days=1)
    assert run("queue-reminders") == 0


def test_a_reminder_that_waited_too_long_in_the_outbox_is_not_sent(
    clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    book()
    run("send-outbox")
    clock.set(utc("2026-11-25T17:00+07:00"))
    run("queue-reminders")
    clock.set(utc("2026-11-26T08:00+07:00"))
    assert run("send-outbox") == 0
    assert messages()[-1].state is MessageState.OVERTAKEN


def test_who_booked_after_the_hour_was_told_by_the_confirmation(
    clock: FixedClock, run: Run, session: Session, keyring: FileKeyring, messages: Messages
) -> None:
    offering = make_offering(session, now=clock.now(), closes_days_before=0)
    clock.set(utc("2026-11-25T18:00+07:00"))
    make_booking(session, slots_of(session, offering, THURSDAY)[0].id, keyring=keyring, now=clock.now())
    session.commit()
    assert run("queue-reminders") == 0
    clock.set(utc("2026-11-26T06:00+07:00"))
    assert run("queue-reminders") == 1


@pytest.mark.parametrize("position", [None, 0, 1])
def test_a_family_is_reminded_once_also_when_one_of_it_stays_at_home(
    session: Session, clock: FixedClock, run: Run, book: Book, position: int | None
) -> None:
    booking = book(persons=2)
    if position is not None:
        cancel(session, booking.id, position=position, now=clock.now())
        session.commit()
    clock.set(utc("2026-11-25T17:30+07:00"))
    assert run("queue-reminders") == 1


def test_reminders_follow_a_booking_that_is_moved_or_cancelled(
    session: Session, offering: OfficeService, clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    moved, gone = book(), book()
    friday = slots_of(session, offering, date(2026, 11, 27))[0].id
    reschedule(session, moved.id, friday, now=clock.now())
    cancel(session, gone.id, now=clock.now())
    session.commit()
    clock.set(utc("2026-11-25T17:00+07:00"))
    assert run("queue-reminders") == 0
    clock.advance(days=1)
    assert run("queue-reminders") == 1
    assert [message.booking_id for message in messages() if message.kind is BEFORE] == [moved.id]


def test_a_reminder_overtaken_by_a_cancellation_is_not_sent(
    session: Session, clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    booking = book()
    run("send-outbox")
    clock.set(utc("2026-11-25T17:00+07:00"))
    run("queue-reminders")
    # The office takes it back by hand, after the citizen's own cut-off.
    booking.tickets[0].state = "cancelled"
    session.commit()
    run("send-outbox")
    assert [message.state for message in messages()] == [MessageState.SENT, MessageState.OVERTAKEN]


@pytest.mark.parametrize("hours", [None, (time(0), time(23))], ids=["the day", "its hours"])
def test_nobody_is_reminded_of_what_the_office_has_closed(
    session: Session,
    offering: OfficeService,
    clock: FixedClock,
    run: Run,
    book: Book,
    messages: Messages,
    hours: tuple[time, time] | None,
) -> None:
    """The evening before, forty people were once asked to come to a closed door."""
    book()
    run("send-outbox")
    closed(session, offering, THURSDAY, now=clock.now(), hours=hours)
    session.commit()
    clock.set(utc("2026-11-25T17:00+07:00"))
    assert run("queue-reminders") == 0
    assert not reminders(messages)


def test_what_was_queued_before_the_day_was_closed_is_not_sent(
    session: Session, offering: OfficeService, clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    """A confirmation that was still waiting, and a reminder: asked again at the moment of sending."""
    book()
    clock.set(utc("2026-11-25T17:00+07:00"))
    assert run("queue-reminders") == 1
    closed(session, offering, THURSDAY, now=clock.now())
    session.commit()
    run("send-outbox")
    states = {message.kind: message.state for message in messages()}
    assert (states[MessageKind.CONFIRMATION], states[BEFORE]) == (MessageState.OVERTAKEN, MessageState.OVERTAKEN)
    assert states[MessageKind.DAY_CLOSED] is MessageState.SENT


def test_a_clock_that_runs_ahead_and_is_set_back_reminds_nobody_twice(
    clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    book()
    right = clock.now()
    clock.set(utc("2026-11-25T20:00+07:00"))  # two days ahead
    run("queue-reminders")
    run("send-outbox")
    clock.set(right)
    for _ in range(4 * 24):
        clock.advance(hours=1)
        run("queue-reminders")
        run("send-outbox")
    sent = [message.kind for message in messages() if message.state is MessageState.SENT]
    assert sent == [MessageKind.CONFIRMATION, BEFORE, SAME]


def test_a_clock_a_month_ahead_sends_no_reminder_for_a_passed_day(
    clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    book()
    run("send-outbox")
    clock.advance(days=30)
    assert run("queue-reminders") == 0
    assert run("send-outbox") == 0


def test_reminders_are_queued_in_batches(
    monkeypatch: pytest.MonkeyPatch, session: Session, clock: FixedClock, run: Run, book: Book
) -> None:
    monkeypatch.setattr("queue_app.jobs.steps.BATCH", 1)
    for slot in (0, 0, 1):
        book(slot=slot)
    clock.set(utc("2026-11-25T17:00+07:00"))
    assert run("queue-reminders") == 3


def test_two_queues_at_once_agree_on_one_message(session: Session, clock: FixedClock, book: Book) -> None:
    booking = book()
    due_at = clock.now() + timedelta(days=1)
    for _ in range(2):
        outbox.queue(session, booking, BEFORE, due_at=due_at)
    session.commit()
    query = select(OutboxMessage).where(OutboxMessage.kind == BEFORE)
    assert len(session.scalars(query).unique().all()) == 1


def test_nobody_reads_tomorrow_on_the_day_itself(clock: FixedClock, run: Run, book: Book, messages: Messages) -> None:
    """The mail server was away in the evening, and comes back after midnight."""
    book()
    clock.set(utc("2026-11-25T17:00+07:00"))
    run("queue-reminders")
    clock.set(utc("2026-11-26T00:00+07:00"))
    run("send-outbox")
    states = {row.kind: row.state for row in messages()}
    assert states[BEFORE] is MessageState.OVERTAKEN
    clock.set(utc("2026-11-26T06:00+07:00"))
    run("queue-reminders")
    run("send-outbox")
    assert {row.kind: row.state for row in messages()}[SAME] is MessageState.SENT
