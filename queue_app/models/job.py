"""The scheduler's lease, the last run of each job, and the clock that jobs go by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.clock_trust import Doubt

from .base import Base, UtcDateTime, words


class JobLease(Base):
    """Of any number of schedulers the one that holds the lease works."""

    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class JobRun(Base):
    """How a job goes: what the administrator sees of the clockwork.

    ``finished_at`` and ``done`` (how many things it did) are of the last run that ended well, ``error`` of the last one
    that ended.
    """

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int | None]
    error: Mapped[str | None]


class ClockTrust(Base):
    """One row: the last time that was believed, and what is doubtful about the one told since."""

    __tablename__ = "clock_trust"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    steady: Mapped[float]  # seconds since `boot`
    boot: Mapped[str]
    doubt: Mapped[Doubt | None] = mapped_column(words(Doubt, "clock_doubt"))
    told: Mapped[datetime | None] = mapped_column(UtcDateTime)  # what the doubtful clock told when it was doubted
