"""A restored system sends nothing twice, gives nothing twice, and decides nothing about people by an old state."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db, unit_of_work
from queue_app.domain.clock import SystemClock, office_instant
from queue_app.domain.reminders import DAY_BEFORE_AT, MessageKind
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, MessageState, OfficeService, OutboxMessage, Restoration, StaffSession, Ticket
from queue_app.models.base import LARGEST_ID
from queue_app.services.records import restoration
from queue_app.services.records.held import send_all_held, send_held
from queue_app.services.records.restoration import acknowledge, ids_to_leave_out, leave_out_ids
from tests.concurrency.races import assert_sound
from tests.harness.backups import Installation
from tests.harness.factories import TESTER, make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.jobs.mail_servers import ADDRESS, Mailbox, mail_server

Booked = Callable[..., list[Booking]]
Restore = Callable[..., Flask]


@pytest.fixture
def restore(installation: Installation, other: Installation, app_of: Restore, tmp_path: Path) -> Restore:
    """Backs up, lets ``meanwhile`` happen, restores elsewhere, and gives the program there."""

    def restore(meanwhile: Callable[[], Any] = lambda: None, **changes: Any) -> Flask:
        installation.run("backup", str(tmp_path / "kept.zip"))
        meanwhile()
        other.run("restore", str(tmp_path / "kept.zip"))
        return app_of(other, **changes)

    return restore


@contextmanager
def mail(mailbox: Mailbox) -> Any:
    with mail_server(mailbox) as port:
        yield {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False}


def test_what_went_out_after_the_backup_does_not_go_again(
    booked: Booked, app_of: Any, installation: Any, restore: Any
) -> None:
    booked(3, email=ADDRESS)
    before, after = Mailbox(), Mailbox()
    with mail(before) as first, mail(after) as second:
        app = restore(lambda: run_job(app_of(installation, **first), "send-outbox"), **second)
        assert len(before.letters) == 3
        run_job(app, "send-outbox")
        assert not after.letters
        with app.app_context(), unit_of_work() as session:
            ids = session.scalars(select(OutboxMessage.id)).all()
            (office_id,) = set(session.scalars(select(Ticket.office_id)))
            own = {"office_id": office_id, "actor": TESTER, "now": SystemClock().now()}
            assert send_held(session, ids[0], **own) == 1
            assert send_held(session, ids[0], **own) == 0, "pressed twice"
        run_job(app, "send-outbox")
        assert len(after.letters) == 1
        with app.app_context(), unit_of_work() as session:
            assert send_all_held(session, **own) == 2
        run_job(app, "send-outbox")
        assert len(after.letters) == 3
    assert_sound(app)


def test_a_new_booking_is_confirmed_as_ever(restore: Any, keyring: FileKeyring, office: OfficeService) -> None:
    mailbox = Mailbox()
    with mail(mailbox) as settings:
        app = restore(**settings)
        with app.app_context(), unit_of_work() as session:
            day = SystemClock().now().date() + timedelta(days=4)
            slot = slots_of(session, session.get_one(OfficeService, office.id), day)[0]
            make_booking(session, slot.id, keyring=keyring, now=SystemClock().now(), email=ADDRESS)
        run_job(app, "send-outbox")
        assert len(mailbox.letters) == 1


def test_a_reminder_of_the_gap_is_held_and_a_later_goes(booked: Booked, restore: Any, other: Any, app_of: Any) -> None:
    """Backed up before 17.00, restored afterwards: it went out in the time that is missing."""
    (booking,) = booked(1, email=ADDRESS)
    day, zone = booking.tickets[0].day, booking.tickets[0].office.time_zone
    due = office_instant(day - timedelta(days=1), DAY_BEFORE_AT, zone)
    restore()
    clock = FixedClock(due + timedelta(hours=2))
    mailbox = Mailbox()
    with mail(mailbox) as settings:
        app = app_of(other, clock, **settings)
        with app.app_context(), unit_of_work() as session:
            session.scalars(select(Restoration)).one().restored_at = due + timedelta(hours=1)
        run_job(app, "queue-reminders")
        run_job(app, "send-outbox")
        assert not mailbox.letters
        with app.app_context():
            states = dict(db.session().execute(select(OutboxMessage.kind, OutboxMessage.state)).all())
            assert states[MessageKind.REMINDER_DAY_BEFORE] is MessageState.HELD
        clock.advance(hours=11)  # the morning after
        run_job(app, "queue-reminders")
        run_job(app, "send-outbox")
        assert len(mailbox.letters) == 1


def test_no_id_of_the_gap_is_given_again(
    booked: Booked, restore: Any, keyring: FileKeyring, office: OfficeService, session: Session
) -> None:
    """The link of a lost ticket would open a stranger's."""
    booked(2)
    lost: list[int] = []
    app = restore(lambda: lost.extend(one.tickets[0].id for one in booked(3)))
    with app.app_context(), unit_of_work() as here:
        day = SystemClock().now().date() + timedelta(days=4)
        slot = slots_of(here, here.get_one(OfficeService, office.id), day)[0]
        made = make_booking(here, slot.id, keyring=keyring, now=SystemClock().now())
        assert made.tickets[0].id > max(lost) + restoration.JUMP / 2
        assert here.scalar(select(func.max(OutboxMessage.id))) > restoration.JUMP / 2
        assert here.scalar(select(func.count()).select_from(StaffSession)) == 0
    assert_sound(app)


def test_control_without_the_jump_a_lost_ticket_gets_a_new_holder(
    booked: Booked, restore: Any, keyring: FileKeyring, office: OfficeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoration, "leave_out_ids", lambda *_: None)
    booked(2)
    lost: list[int] = []
    app = restore(lambda: lost.extend(one.tickets[0].id for one in booked(1)))
    with app.app_context(), unit_of_work() as here:
        day = SystemClock().now().date() + timedelta(days=4)
        slot = slots_of(here, here.get_one(OfficeService, office.id), day)[0]
        assert make_booking(here, slot.id, keyring=keyring, now=SystemClock().now()).tickets[0].id in lost


def test_every_table_with_ids_of_its_own_goes_on_ahead(session: Session) -> None:
    """On SQLite such a table has to count; one that a later migration makes without it is found here."""
    leave_out_ids(session.connection(), 5000)
    if session.get_bind().dialect.name == "sqlite":
        found = dict(session.execute(text("SELECT name, seq FROM sqlite_sequence")).all())
        made = "SELECT name FROM sqlite_master WHERE type = 'table'"
        made += " AND name NOT IN ('clock_trust', 'site', 'site_logo')"  # the one row of each has a given id
        made += " AND (sql LIKE '%PRIMARY KEY (id%' OR sql LIKE '%PRIMARY KEY AUTOINCREMENT%')"
        counting = set(session.scalars(text(f"{made} AND sql LIKE '%AUTOINCREMENT%'")))
        assert set(session.scalars(text(made))) == counting == set(found)
    else:
        names = session.scalars(text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")).all()
        found = {name: session.scalar(text(f"SELECT last_value FROM {name}")) for name in names}
    assert min(found.values()) >= 5000


def test_the_same_backup_restored_again_leaves_out_what_came_after_the_first_time() -> None:
    first, second = ids_to_leave_out(timedelta(hours=5)), ids_to_leave_out(timedelta(hours=29))
    assert second - first > 1_000_000, "more than an office gives in a day"
    assert ids_to_leave_out(timedelta(hours=-1)) == restoration.JUMP, "a clock that was wrong"


def test_near_the_largest_id_there_is_still_room(session: Session) -> None:
    leave_out_ids(session.connection(), LARGEST_ID)
    leave_out_ids(session.connection(), LARGEST_ID)
    name = "sqlite_sequence WHERE name = 'ticket'" if session.get_bind().dialect.name == "sqlite" else "ticket_id_seq"
    column = "seq" if session.get_bind().dialect.name == "sqlite" else "last_value"
    assert LARGEST_ID // 2 < session.scalar(text(f"SELECT {column} FROM {name}")) < LARGEST_ID


def test_nobody_is_absent_before_somebody_has_looked(booked: Booked, restore: Any, other: Any, app_of: Any) -> None:
    """Who was checked in in the gap is not known to have been."""
    (booking,) = booked(1)
    restore()
    clock = FixedClock(booking.tickets[0].starts_at + timedelta(days=1))
    app = app_of(other, clock)
    with app.app_context(), unit_of_work() as session:
        row = session.scalars(select(Restoration)).one()
        row.restored_at, number = clock.now(), row.id
    assert run_job(app, "mark-no-shows") == 0
    with app.app_context(), unit_of_work() as session:
        acknowledge(session, number, staff_id=None, now=clock.now())  # type: ignore[arg-type]
    assert run_job(app, "mark-no-shows") == 1


def test_people_are_not_kept_waiting_for_ever(booked: Booked, restore: Any, other: Any, app_of: Any) -> None:
    (booking,) = booked(1)
    restore()
    clock = FixedClock(booking.tickets[0].starts_at + timedelta(days=8))
    assert run_job(app_of(other, clock), "mark-no-shows") == 1
