"""Delete personal data that is past its retention (UU 27/2022): the rows stay, for counts and for the audit.

What is emptied is what `domain/retention.py` names. Each transaction writes down what it deleted: a run that is broken
off has proved what it did, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from queue_app.domain.retention import OF_BOOKINGS, PROOF_RETENTION, SESSION_RETENTION, Holding
from queue_app.domain.roles import Actor
from queue_app.models import Base, DataProof
from queue_app.queries.records.kept_too_long import holds_data, of_bookings, overdue
from queue_app.services.access.one_time_links import purge_links
from queue_app.services.access.staff import purge_sessions
from queue_app.services.offline.devices import purge_devices

from . import audit

PURGE = Actor.system("purge")


def overdue_bookings(session: Session, *, retention: timedelta, now: datetime) -> list[int]:
    """All bookings of which something is kept past ``retention``. It reads whole tables, so that nothing is overlooked:
    not in a transaction that writes, for which bookings would wait.
    """
    found = {one for holding in OF_BOOKINGS for one in session.scalars(overdue(holding, before=now - retention))}
    return sorted(found)


def purge(
    session: Session, *, retention: timedelta, now: datetime, limit: int = 500, among: Sequence[int] | None = None
) -> int:
    """Empty what is kept of bookings whose last appointment is older than ``retention``, and forget old log-ins.

    Returns how many bookings were emptied; at most ``limit``, so that no transaction is long. ``among``: of those that
    `overdue_bookings` has found; each is looked at once more.
    """
    before = now - retention
    kept = (overdue(holding, before=before, among=among).limit(limit) for holding in OF_BOOKINGS)
    found = {one for of_table in kept for one in session.scalars(of_table)}
    ids = sorted(found)[:limit]
    if ids:
        record_deletion(session, empty_bookings(session, ids), before=before, now=now)
    for booking_id in ids:
        audit.record(session, "booking.purged", "booking", booking_id, actor=PURGE, now=now)
    unused = now - SESSION_RETENTION
    purge_devices(session, before=unused)
    record_deletion(session, {"staff_session": purge_sessions(session, before=unused)}, before=unused, now=now)
    record_deletion(session, purge_links(session, before=unused), before=unused, now=now)
    expired = now - PROOF_RETENTION
    record_deletion(session, {"data_proof": _forget_proofs(session, before=expired)}, before=expired, now=now)
    session.flush()
    return len(ids)


def _forget_proofs(session: Session, *, before: datetime) -> int:
    gone = delete(DataProof).where(DataProof.expires_at < before).returning(DataProof.id)
    return len(session.execute(gone).all())


def empty_bookings(session: Session, ids: Sequence[int]) -> dict[str, int]:
    """Empty all that is kept of these bookings; how many rows of each table held something."""
    emptied = {holding.table: empty(session, holding, of_bookings(holding, ids)) for holding in OF_BOOKINGS}
    session.expire_all()
    return emptied


def empty(session: Session, holding: Holding, which: ColumnElement[bool]) -> int:
    """Empty the columns of these rows; how many of them held something."""
    table = Base.metadata.tables[holding.table]
    rows = session.execute(
        update(table)
        .where(which, holds_data(holding))
        .values(dict.fromkeys(holding.columns, holding.emptied))
        .returning(table.c.id)
    )
    return len(rows.all())


def record_deletion(session: Session, emptied: Mapping[str, int], *, before: datetime, now: datetime) -> None:
    """The proof of a deletion: rows by table, and the instant up to which nothing was left. None, where none was."""
    if rows := {table: count for table, count in emptied.items() if count}:
        after = {"deleted": rows, "cutoff": before.isoformat(timespec="seconds")}
        audit.record(session, "purge.deleted", "purge", 0, actor=PURGE, now=now, after=after)
