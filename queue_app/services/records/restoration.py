"""After the database was restored: what may have gone out is not sent again, and no id that was given comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, Table, column, delete, func, insert, select, table, text, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import Base, JobLease, MessageState, OutboxMessage, Restoration, StaffSession
from queue_app.models.base import LARGEST_ID

from . import audit

JUMP = 1_000_000  # ids that are left out in any case
A_SECOND = 20  # and so many for each second without data: more than any office gives for long


def settle_restored(session: Session, *, backup_at: datetime, restored_by: str, now: datetime) -> Restoration:
    """Make a restored database fit to go on, in one transaction. ``backup_at``: the instant that it holds."""
    _hold_messages(session)
    # A log-in that was ended since would be open again.
    session.execute(delete(StaffSession))
    session.execute(delete(JobLease))
    leave_out_ids(session.connection(), ids_to_leave_out(now - backup_at))
    row = Restoration(backup_at=backup_at, restored_at=now, restored_by=restored_by)
    session.add(row)
    session.flush()
    after = {"backup_at": backup_at.isoformat(), "restored_by": restored_by}
    audit.record(
        session, "database.restored", "restoration", row.id, actor=Actor.system("restore"), now=now, after=after
    )
    session.flush()
    return row


def _hold_messages(session: Session) -> None:
    """All that waited when the backup was made were due by then, and went out while there was no backup."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state.in_([MessageState.QUEUED, MessageState.SENDING]))
        .values(state=MessageState.HELD)
        .execution_options(synchronize_session=False)
    )


def ids_to_leave_out(gap: timedelta) -> int:
    """More than were given out in the gap. It grows with the time, so that whoever restores the same backup again
    leaves out what was given after the first time, too.
    """
    return JUMP + A_SECOND * max(0, int(gap.total_seconds()))


def leave_out_ids(connection: Connection, count: int) -> None:
    """Let every table with ids of its own go on ``count`` further; near the largest id by half of what is left."""
    for counted in Base.metadata.sorted_tables:
        if counted.autoincrement_column is not None and isinstance(counted.autoincrement_column.type, Integer):
            last = _last_id(connection, counted)
            _count_from(connection, counted, last + min(count, (LARGEST_ID - last) // 2))


def _last_id(connection: Connection, counted: Table) -> int:
    """The largest that was ever given, as far as this database knows."""
    stored = connection.execute(select(func.coalesce(func.max(counted.c.id), 0))).scalar_one()
    if connection.dialect.name == "sqlite":
        sequences = table("sqlite_sequence", column("name"), column("seq"))
        given = connection.execute(select(sequences.c.seq).where(sequences.c.name == counted.name)).scalar()
    else:
        name = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": counted.name}).scalar()
        given = connection.execute(text(f"SELECT last_value FROM {name}")).scalar()
    return max(int(stored), int(given or 0))


def _count_from(connection: Connection, counted: Table, last: int) -> None:
    if connection.dialect.name == "sqlite":
        sequences = table("sqlite_sequence", column("name"), column("seq"))
        connection.execute(delete(sequences).where(sequences.c.name == counted.name))
        connection.execute(insert(sequences).values(name=counted.name, seq=last))
    else:
        sequence = "SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"
        connection.execute(text(sequence), {"name": counted.name, "last": last})


def acknowledge(session: Session, restoration_id: int, *, staff_id: int, now: datetime) -> None:
    """An administrator has told the hall; the jobs that waited go on. Twice changes nothing. Raises NotFound."""
    row = session.get(Restoration, restoration_id, with_for_update={"key_share": True})
    if row is None:
        raise NotFound()
    if row.acknowledged_at is not None:
        return
    row.acknowledged_at, row.acknowledged_by = now, staff_id
    audit.record(session, "database.acknowledged", "restoration", row.id, actor=Actor.staff(staff_id), now=now)
    session.flush()
