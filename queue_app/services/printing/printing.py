"""Printing the tickets of a booking. Numbers are saved long before: a print that fails costs none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.printing import PrintOutcome, PrintState
from queue_app.domain.roles import Actor
from queue_app.models import PrintJob
from queue_app.queries.printing.printing import printable_tickets, printer_at
from queue_app.services.records import audit


def ask_print(
    session: Session, booking_id: int, *, office_id: int, printer_id: int | None, actor: Actor, now: datetime
) -> PrintJob:
    """Write down that the booking's tickets are to be printed. Raises NotFound, NothingToPrint.

    The first time is the original, whatever becomes of it; any later one is a copy, and says so. Of two at once a
    unique index lets one be the original. ``printer_id`` None is the browser's own printing, of which no more is heard.
    """
    printable_tickets(session, booking_id, office_id)
    printer = printer_at(session, printer_id, office_id) if printer_id is not None else None
    if printer and not printer.active:
        raise NotFound()
    job = _insert(
        session,
        booking_id=booking_id,
        printer_id=printer_id,
        asked_at=now,
        asked_by=actor.label,
        state=PrintState.SENDING if printer else PrintState.SENT,
    )
    after = {"copy": job.copy} | ({"printer": printer.name} if printer else {})
    audit.record(session, "print.asked", "booking", booking_id, actor=actor, now=now, office_id=office_id, after=after)
    return job


def finish_print(session: Session, job_id: int, outcome: PrintOutcome) -> PrintJob:
    """Write down what became of it; what is written already stays. Raises NotFound."""
    session.execute(
        update(PrintJob)
        .where(PrintJob.id == job_id, PrintJob.state == PrintState.SENDING)
        .values(state=outcome.state, problem=outcome.problem)
        .execution_options(synchronize_session=False)
    )
    job = session.get(PrintJob, job_id, populate_existing=True)
    if job is None:
        raise NotFound()
    return job


def _insert(session: Session, **values: Any) -> PrintJob:
    """The original, unless there is one, which the index decides: then a copy."""
    session.flush()
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
    statement = insert(PrintJob).on_conflict_do_nothing().returning(PrintJob.id)
    job_id = session.scalars(statement, [{**values, "copy": False}]).one_or_none()
    if job_id is None:
        job_id = session.scalars(statement, [{**values, "copy": True}]).one()
    return session.get_one(PrintJob, job_id)
