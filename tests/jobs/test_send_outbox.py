"""Sent once, by whoever is first, with no transaction open meanwhile."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from queue_app.adapters.senders import Message, Senders
from queue_app.db import db
from queue_app.domain.reminders import MessageKind
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, MessageState, OutboxMessage
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.records import outbox
from tests.harness.factories import slots_of
from tests.harness.fakes import FixedClock

Run = Callable[[str], int]
Book = Callable[..., Booking]
Messages = Callable[[], list[OutboxMessage]]


class Collecting:
    """A way out that keeps the messages, and does `meanwhile` during each conversation."""

    channel = "email"

    def __init__(self, meanwhile: Callable[[Message], None] = lambda message: None) -> None:
        self.sent: list[Message] = []
        self._meanwhile = meanwhile

    def send(self, message: Message) -> None:
        self._meanwhile(message)
        self.sent.append(message)

    def close(self) -> None: ...


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Callable[[Collecting], Collecting]:
    def through(sender: Collecting) -> Collecting:
        monkeypatch.setattr("queue_app.jobs.outbox.open_senders", lambda settings: Senders(file=sender))
        return sender

    return through


def test_no_transaction_is_open_while_a_message_is_sent(
    app: Flask, session: Session, run: Run, book: Book, through: Callable[[Collecting], Collecting]
) -> None:
    open_before, written = [], []

    def meanwhile(message: Message) -> None:
        open_before.append(db.session().in_transaction() or db.engine.pool.checkedout())  # type: ignore[attr-defined]
        # A writer elsewhere is not held up: with a transaction open here SQLite would make it wait for ten seconds.
        with db.engine.connect().execution_options(writes=True) as connection:
            if connection.dialect.name == "sqlite":
                connection.execute(text("PRAGMA busy_timeout = 100"))
            written.append(connection.execute(text("UPDATE booking SET language = 'en'")).rowcount)
            connection.commit()

    sender = through(Collecting(meanwhile))
    book()
    book()
    assert run("send-outbox") == 2
    assert open_before == [False, False] or open_before == [0, 0]
    assert written == [2, 2]
    assert len(sender.sent) == 2


def test_a_message_is_sent_once_however_often_the_job_runs(
    clock: FixedClock, run: Run, book: Book, through: Callable[[Collecting], Collecting]
) -> None:
    sender = through(Collecting())
    book()
    for _ in range(5):
        run("send-outbox")
        clock.advance(hours=1)
    assert len(sender.sent) == 1


@pytest.mark.parametrize("guarded", [True, False], ids=["conditional-claim", "control-without-it"])
def test_two_senders_at_once_send_each_message_once(
    app: Flask,
    book: Book,
    monkeypatch: pytest.MonkeyPatch,
    through: Callable[[Collecting], Collecting],
    guarded: bool,
) -> None:
    """The control reads what waits and takes it: then both senders take the same."""
    both_have_looked = threading.Barrier(2, timeout=10)

    def claim_without_guard(session: Session, *, now: datetime, limit: int) -> list[OutboxMessage]:
        query = select(OutboxMessage).where(OutboxMessage.state == MessageState.QUEUED).limit(limit)
        waiting = [row.id for row in session.scalars(query).unique()]
        session.rollback()  # as if each had looked before the other one wrote
        if waiting:
            both_have_looked.wait()
            change = update(OutboxMessage).where(OutboxMessage.id.in_(waiting))
            session.execute(change.values(state=MessageState.SENDING, attempts=1))
        return [session.get_one(OutboxMessage, message_id) for message_id in waiting]

    if not guarded:
        monkeypatch.setattr(outbox, "claim_messages", claim_without_guard)
    sender = through(Collecting())
    book()
    threads = [threading.Thread(target=run_job, args=[app, "send-outbox"]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(sender.sent) == (1 if guarded else 2)


def test_many_senders_share_many_messages_without_doubles(
    app: Flask, session: Session, book: Book, clock: FixedClock, through: Callable[[Collecting], Collecting]
) -> None:
    booking = book()
    for minute in range(20):
        outbox.queue(session, booking, MessageKind.CONFIRMATION, due_at=clock.now() - timedelta(minutes=minute + 1))
    session.commit()
    sender = through(Collecting())
    threads = [threading.Thread(target=run_job, args=[app, "send-outbox"]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    run_job(app, "send-outbox")
    ids = [message.id for message in sender.sent]
    assert sorted(ids) == sorted(set(ids))
    assert len(ids) == 21


def test_a_sender_that_died_gives_its_message_back_after_a_while(
    session: Session, clock: FixedClock, run: Run, book: Book, through: Callable[[Collecting], Collecting]
) -> None:
    book()
    assert len(outbox.claim_messages(session, now=clock.now())) == 1
    session.commit()  # and here it is killed
    sender = through(Collecting())
    assert run("send-outbox") == 0
    clock.advance(minutes=5)
    assert run("send-outbox") == 1
    assert len(sender.sent) == 1


def test_a_clock_set_back_while_sending_sends_nothing_twice(
    clock: FixedClock, run: Run, book: Book, messages: Messages, through: Callable[[Collecting], Collecting]
) -> None:
    sender = through(Collecting(lambda message: clock.advance(days=-1) and None))
    book()
    assert run("send-outbox") == 1
    for _ in range(3):
        run("send-outbox")
        clock.advance(days=1)
    assert len(sender.sent) == 1
    assert messages()[0].state is MessageState.SENT


def test_a_clock_set_forward_does_not_double(
    clock: FixedClock, run: Run, book: Book, through: Callable[[Collecting], Collecting]
) -> None:
    sender = through(Collecting(lambda message: clock.advance(hours=2) and None))
    book()
    book()
    assert run("send-outbox") == 2
    assert run("send-outbox") == 0
    assert len({message.id for message in sender.sent}) == len(sender.sent) == 2


def test_a_confirmation_of_what_was_cancelled_meanwhile_is_overtaken(
    session: Session, clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    cancel(session, book().id, now=clock.now())
    session.commit()
    assert run("send-outbox") == 1
    states = {message.kind: message.state for message in messages()}
    assert states == {
        MessageKind.CONFIRMATION: MessageState.OVERTAKEN,
        MessageKind.CANCELLED: MessageState.SENT,
    }


def test_a_confirmation_is_not_sent_after_the_appointment(
    clock: FixedClock, run: Run, book: Book, messages: Messages
) -> None:
    book()
    clock.advance(days=3, hours=1)
    assert run("send-outbox") == 0
    assert messages()[0].state is MessageState.OVERTAKEN


def test_a_move_is_told_with_the_new_number(
    session: Session,
    offering: object,
    clock: FixedClock,
    run: Run,
    book: Book,
    through: Callable[[Collecting], Collecting],
) -> None:
    booking = book()
    run("send-outbox")
    friday = slots_of(session, offering, clock.now().date() + timedelta(days=4))[1]  # type: ignore[arg-type]
    reschedule(session, booking.id, friday.id, now=clock.now())
    session.commit()
    sender = through(Collecting())
    assert run("send-outbox") == 1
    (moved,) = sender.sent
    assert moved.kind == MessageKind.RESCHEDULED
    assert "Jumat, 27 November 2026" in moved.text
    assert moved.subject.startswith("Jadwal dipindah, nomor baru A-011")


def test_the_job_stops_between_two_messages_when_the_process_ends(
    app: Flask, run: Run, book: Book, through: Callable[[Collecting], Collecting]
) -> None:
    from queue_app.jobs.context import STOPPING

    stopping = app.extensions[STOPPING] = threading.Event()
    sender = through(Collecting(lambda message: stopping.set()))
    book()
    book()
    assert run("send-outbox") == 1
    assert len(sender.sent) == 1
