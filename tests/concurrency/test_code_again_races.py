"""Several people ask for the same booking code at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db
from queue_app.domain.identity import Nik
from queue_app.domain.reminders import MessageKind
from queue_app.models import AuditEntry, Booking, OutboxMessage
from queue_app.services.booking.code_again import send_code_again
from queue_app.services.records import outbox
from tests.concurrency.conftest import Place
from tests.concurrency.races import Meeting, Step, assert_sound, together
from tests.harness.factories import make_applicant
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
ASKERS = 6


def asking(nik: Nik, keyring: FileKeyring, clock: FixedClock) -> Step:
    return lambda session: send_code_again(session, nik, keyring=keyring, now=clock.now())


def booked(app: Flask, booking: Callable[..., Step], slot_id: int) -> Nik:
    person = make_applicant()
    assert together(app, booking(slot_id, person, email="siti@contoh.id"))[0].won
    return person.nik


def stored(app: Flask) -> tuple[int, int]:
    """How many messages, and how many audit rows say so."""
    with app.app_context():
        messages = select(OutboxMessage.id).where(OutboxMessage.kind == MessageKind.CODE_AGAIN)
        entries = select(AuditEntry.id).where(AuditEntry.action == "booking.code_again")
        session = db.session()
        return len(session.scalars(messages).all()), len(session.scalars(entries).all())


def test_however_many_ask_it_is_one_message(
    app: Flask, opened: Opened, booking: Callable[..., Step], keyring: FileKeyring, clock: FixedClock
) -> None:
    nik = booked(app, booking, opened().slot)
    together(app, *[asking(nik, keyring, clock)] * ASKERS)
    assert stored(app) == (1, 1)
    assert_sound(app)


def test_control_who_looks_first_and_writes_then_sends_several(
    app: Flask,
    opened: Opened,
    booking: Callable[..., Step],
    keyring: FileKeyring,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meeting = Meeting(2)
    tick = iter(range(ASKERS))

    def look_then_write(session: Session, asked: Booking, kind: MessageKind, *, due_at: datetime) -> bool:
        sent = select(OutboxMessage.id).where(OutboxMessage.booking_id == asked.id, OutboxMessage.kind == kind)
        there = session.scalars(sent).first()
        meeting.wait(session)
        if there is None:
            due_at += timedelta(seconds=next(tick))
            at = {"office_id": asked.tickets[0].office_id, "due_at": due_at, "next_try_at": due_at}
            session.add(OutboxMessage(booking_id=asked.id, kind=kind, **at))
        return there is None

    nik = booked(app, booking, opened().slot)
    monkeypatch.setattr(outbox, "queue", look_then_write)
    together(app, *[asking(nik, keyring, clock)] * 2)
    assert stored(app)[0] == 2
