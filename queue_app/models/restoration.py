"""Backups that were made, and the times that the database was restored from one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, UtcDateTime


class Backup(Base):
    """A backup that the daily job has made and looked at."""

    __tablename__ = "backup"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file: Mapped[str]
    host: Mapped[str]  # the machine whose disk it is on
    bytes: Mapped[int] = mapped_column(BigInteger)


class Restoration(Base):
    """From `backup_at` to `restored_at` there is no data: what was done then, only those know who did it."""

    __tablename__ = "restoration"

    id: Mapped[int] = mapped_column(primary_key=True)
    backup_at: Mapped[datetime] = mapped_column(UtcDateTime)
    restored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    restored_by: Mapped[str]  # account and machine
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
