"""How the installation is doing, as far as the database knows: for whoever watches it, asked every few seconds.

Nothing here grows with the number of bookings: each look reads the beginnings of an index, or tables of a few rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.clock_trust import WAITS
from queue_app.models import Backup, JobLease, JobRun, MessageState, Office, OfficeService, OutboxMessage

AT_MOST = 10_000  # messages of one state that are counted: whether there are more changes nothing
TO_BE_WATCHED = (MessageState.QUEUED, MessageState.SENDING, MessageState.FAILED)


@dataclass(frozen=True)
class JobCondition:
    """``succeeded_at``: the end of the last run that ended well; ``failed``: whether the last one did not.

    ``waits``: or whether it did nothing because the clock is doubted.
    """

    name: str
    succeeded_at: datetime | None
    failed: bool
    waits: bool


@dataclass(frozen=True)
class Condition:
    """``messages``: how many there are in a state, at most `AT_MOST`.

    ``waiting_since``: when the message that has waited longest for a try became due. ``spare_days``: how far days are
    made beyond the last one that citizens may book; the least of all services, negative when some are not there.
    ``backup_at``: the instant that the newest good backup holds.
    """

    messages: dict[MessageState, int]
    waiting_since: datetime | None
    jobs: tuple[JobCondition, ...]
    lease_until: datetime | None
    spare_days: int | None
    backup_at: datetime | None


def condition(session: Session, *, now: datetime) -> Condition:
    return Condition(
        messages={state: _counted(session, state) for state in TO_BE_WATCHED},
        waiting_since=_waiting_since(session, now),
        jobs=tuple(_of_run(run) for run in session.scalars(select(JobRun))),
        lease_until=session.scalar(select(func.max(JobLease.until))),
        spare_days=_spare_days(session, now),
        backup_at=session.scalar(select(func.max(Backup.made_at))),
    )


def _of_run(run: JobRun) -> JobCondition:
    waits = (run.error or "").startswith(WAITS)
    return JobCondition(run.name, run.finished_at, failed=run.error is not None and not waits, waits=waits)


def _counted(session: Session, state: MessageState) -> int:
    some = select(OutboxMessage.id).where(OutboxMessage.state == state).limit(AT_MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _waiting_since(session: Session, now: datetime) -> datetime | None:
    """A message that a sender holds is due again when its lease ends: then the sender has died."""
    first = [
        session.scalar(
            select(OutboxMessage.next_try_at)
            .where(OutboxMessage.state == state, OutboxMessage.next_try_at <= now)
            .order_by(OutboxMessage.next_try_at)
            .limit(1)
        )
        for state in (MessageState.QUEUED, MessageState.SENDING)
    ]
    return min((due for due in first if due is not None), default=None)


def _spare_days(session: Session, now: datetime) -> int | None:
    rows = session.execute(
        select(Office.time_zone, OfficeService.opens_days_before, OfficeService.days_made_until)
        .join(OfficeService, OfficeService.office_id == Office.id)
        .where(OfficeService.active)
        .distinct()
    )
    spare = []
    for time_zone, opens_days_before, made_until in rows:
        today = office_date(now, time_zone)
        spare.append(((made_until or today - timedelta(days=1)) - today).days - opens_days_before)
    return min(spare, default=None)
