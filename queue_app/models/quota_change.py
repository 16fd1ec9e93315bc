"""Quotas that were changed for many days at once, slot by slot, so that it can be taken back."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.calendar import Share
from queue_app.domain.quota_change import QuotaUnit

from .base import Base, UtcDateTime, words
from .staff import Staff


class QuotaChange(Base):
    """One change, as it was asked for, and whether it was undone. ``moved``: places added and removed together."""

    __tablename__ = "quota_change"
    __table_args__ = (
        Index("ix_quota_change_office_id_id", "office_id", "id"),
        CheckConstraint("last_day >= first_day", name="range"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    share: Mapped[Share] = mapped_column(words(Share, "share"))
    unit: Mapped[QuotaUnit] = mapped_column(words(QuotaUnit, "quota_unit"))
    amount: Mapped[int]
    services: Mapped[int]  # how many were changed
    days: Mapped[int]  # of one service each
    moved: Mapped[int]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    maker: Mapped[Staff] = relationship(foreign_keys=[made_by], lazy="joined", innerjoin=True)
    undoer: Mapped[Staff | None] = relationship(foreign_keys=[undone_by], lazy="joined")


class QuotaChangeSlot(Base):
    """The planned places of one slot before and after it. ``was_by_hand``: no schedule led its day before."""

    __tablename__ = "quota_change_slot"

    change_id: Mapped[int] = mapped_column(ForeignKey("quota_change.id", ondelete="CASCADE"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), primary_key=True)
    before: Mapped[int]
    after: Mapped[int]
    was_by_hand: Mapped[bool]
