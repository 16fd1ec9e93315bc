"""The scheduler's lease and the last run of each job."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime


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
