"""The releases of a service at an office, and the hours in which they have happened."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.calendar import Share
from queue_app.domain.releases import Release

from .base import Base, UtcDateTime, words


class ShareRelease(Base):
    """From which share to which, how long before a day, and how much of what is left."""

    __tablename__ = "share_release"
    __table_args__ = (
        UniqueConstraint("office_service_id", "days_before", "at", "source", "target"),
        CheckConstraint("days_before >= 0", name="days_before"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("source <> target", name="shares"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_service_id: Mapped[int] = mapped_column(ForeignKey("office_service.id"))
    days_before: Mapped[int]
    at: Mapped[time]
    source: Mapped[Share] = mapped_column(words(Share, "source"))
    target: Mapped[Share] = mapped_column(words(Share, "target"))
    percent: Mapped[int]

    @property
    def release(self) -> Release:
        return Release(self.days_before, self.at, self.source, self.target, self.percent)


class ReleasedSlot(Base):
    """That a release has happened for a slot: the primary key is the last word on "only once". ``moved``: places."""

    __tablename__ = "released_slot"
    __table_args__ = (Index("ix_released_slot_slot_id", "slot_id"),)

    release_id: Mapped[int] = mapped_column(ForeignKey("share_release.id", ondelete="CASCADE"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), primary_key=True)
    moved: Mapped[int]
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
