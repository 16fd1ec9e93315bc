"""Each job does what is due, and nothing when it runs again."""

import os
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.booking import TicketState
from queue_app.domain.visits import VisitState
from queue_app.jobs.registry import JOBS, find_job, run_job
from queue_app.models import AuditEntry, AuditSeal, Booking, JobRun, ServiceDay, Slot, Ticket
from queue_app.queries.records.audit_chain import verify_chain
from queue_app.services.calendar.closing import close_day
from tests.harness.factories import TESTER, make_offering, make_service
from tests.harness.fakes import FixedClock
from tests.harness.hall import Hall

Run = Callable[[str], int]
Book = Callable[..., Booking]


def test_the_registry_names_each_job_once_and_says_what_it_does() -> None:
    names = [job.name for job in JOBS]
    assert names == [
        "propose-holidays",
        "make-days",
        "release-shares",
        "queue-reminders",
        "queue-survey-invitations",
        "carry-out-closures",
        "tell-of-breaches",
        "lapse-offers",
        "send-outbox",
        "mark-no-shows",
        "end-days",
        "count-days",
        "seal-audit",
        "anchor-audit",
        "send-webhooks",
        "forget-attempts",
        "end-sessions-ahead",
        "finish-key-change",
        "backup",
        "purge",
    ]
    assert all(job.description and job.every > timedelta(0) for job in JOBS)
    assert find_job("seal-audit").every < timedelta(minutes=1), "nothing older than a minute is unsealed"


def test_an_unknown_job_is_refused_with_the_names_there_are(app: Flask) -> None:
    with pytest.raises(KeyError, match="propose-holidays, make-days"):
        run_job(app, "make-coffee")


def test_every_job_runs_on_an_empty_database(app: Flask) -> None:
    """Only the calendar knows something that the database does not, and says so in the audit."""
    assert {job.name for job in JOBS if run_job(app, job.name)} == {
        "propose-holidays",
        "seal-audit",
        "anchor-audit",
    }
    assert not any(run_job(app, job.name) for job in JOBS)


def test_make_days_is_made_good_after_a_week_without_a_scheduler(session: Session, clock: FixedClock, run: Run) -> None:
    first = make_offering(session, now=clock.now(), days=False)
    make_offering(session, service=make_service(session, "KK_UBAH"), now=clock.now(), days=False, letter="B")
    session.commit()
    made = run("make-days")
    assert made == session.scalar(select(func.count()).select_from(ServiceDay)) > 50
    assert run("make-days") == 0
    clock.advance(days=7)
    assert run("make-days") == 2 * 5  # five working days each
    clock.advance(days=-7)
    assert run("make-days") == 0
    session.refresh(first)
    assert session.scalar(select(func.max(ServiceDay.day))) <= first.days_made_until


def test_no_shows_are_marked_after_closing_and_once(session: Session, clock: FixedClock, run: Run, book: Book) -> None:
    early, late = book(slot=0), book(slot=1)
    clock.advance(days=3)  # Thursday 09.00: the early window has just ended, the day goes on
    assert run("mark-no-shows") == 0
    clock.advance(hours=1, minutes=1)
    assert run("mark-no-shows") == 2
    assert run("mark-no-shows") == 0
    session.rollback()
    states = session.scalars(select(Ticket.state).where(Ticket.booking_id.in_([early.id, late.id]))).all()
    assert states == [TicketState.NO_SHOW] * 2
    rows = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "ticket.no_show").order_by(AuditEntry.id)
    ).all()
    assert [row.actor for row in rows] == ["system:no-shows"] * 2


def test_nobody_is_absent_on_a_day_the_office_closed(session: Session, clock: FixedClock, run: Run, book: Book) -> None:
    booking = book()
    slot = booking.tickets[0].slot
    close_day(
        session, slot.service_day_id, reason_id="Listrik padam", reason_en="Power cut", actor=TESTER, now=clock.now()
    )
    session.commit()
    clock.advance(days=4)
    assert run("mark-no-shows") == 0
    assert run("carry-out-closures") == 1
    assert run("mark-no-shows") == 0, "they may still choose another place by their link"
    clock.advance(days=7)
    assert (run("lapse-offers"), run("lapse-offers")) == (1, 0)
    assert run("mark-no-shows") == 1
    session.expire_all()
    assert booking.tickets[0].state is TicketState.CANCELLED
    assert session.get_one(Slot, slot.id).booked == 0


def test_no_shows_are_worked_off_in_batches(
    monkeypatch: pytest.MonkeyPatch, session: Session, clock: FixedClock, run: Run, book: Book
) -> None:
    monkeypatch.setattr("queue_app.jobs.steps.BATCH", 1)
    for _ in range(2):
        book()
    clock.advance(days=4)
    assert run("mark-no-shows") == 2


def test_sealing_seals_everything_in_batches_and_once(
    monkeypatch: pytest.MonkeyPatch, session: Session, run: Run, book: Book
) -> None:
    monkeypatch.setattr("queue_app.jobs.steps.BATCH", 2)
    for _ in range(2):
        book()
    entries = session.scalar(select(func.count()).select_from(AuditEntry))
    assert run("seal-audit") == entries
    assert run("seal-audit") == 0
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AuditSeal)) == entries


def test_two_sealers_at_once_seal_everything_once(
    app: Flask, session: Session, keyring: FileKeyring, book: Book
) -> None:
    for slot in (0, 0, 1, 1):
        book(slot=slot)
    threads = [threading.Thread(target=run_job, args=[app, "seal-audit"]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert session.get_one(JobRun, "seal-audit").error is None
    assert session.scalar(select(func.count()).select_from(AuditSeal)) == 4
    assert verify_chain(session, keyring) == []


def test_the_purge_empties_what_is_past_its_retention_and_says_so(
    session: Session, settings: Settings, clock: FixedClock, run: Run, book: Book
) -> None:
    old = book(email="siti@example.id")
    clock.advance(days=30)
    run("make-days")
    kept = book(clock.now().date() + timedelta(days=1))
    settings.outbox_folder.mkdir(parents=True)
    for name, written in (("1.txt", clock.now() - timedelta(days=100)), ("2.txt", clock.now())):
        (settings.outbox_folder / name).write_text("…")
        os.utime(settings.outbox_folder / name, (written.timestamp(), written.timestamp()))
    clock.advance(days=64)
    assert run("purge") == 1 + 1
    assert run("purge") == 0
    session.expire_all()
    assert (old.phone, old.email, old.tickets[0].nik, old.tickets[0].name) == (None, None, None, None)
    assert old.tickets[0].person_index is None
    assert kept.phone is not None
    assert kept.tickets[0].nik is not None
    assert [path.name for path in settings.outbox_folder.iterdir()] == ["2.txt"]
    row = session.scalars(select(AuditEntry).where(AuditEntry.action == "booking.purged")).one()
    assert (row.subject_id, row.actor) == (old.id, "system:purge")


def test_days_end_once_they_are_over_and_once_only(hall: Hall, run: Run) -> None:
    waiting, called = hall.arrive(1, 2)
    hall.call(2)
    assert run("end-days") == 0
    hall.clock.advance(days=2)  # none ran for a day
    assert run("end-days") == 2 + 2  # two visits, two counters
    assert run("end-days") == 0
    hall.session.rollback()
    assert {hall.visit(ticket_id).state for ticket_id in (waiting, called)} == {VisitState.DAY_ENDED}
