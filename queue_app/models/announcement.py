"""Announcements of an office, or of all of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.announcements import Level

from .base import Base, UtcDateTime, words


class Announcement(Base):
    """``office_id``: none for one of all offices. One that has ended stays, to be looked up."""

    __tablename__ = "announcement"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="times"),
        CheckConstraint("on_pages OR on_display", name="somewhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    text_id: Mapped[str]
    text_en: Mapped[str]
    level: Mapped[Level] = mapped_column(words(Level, "announcement_level"))
    on_pages: Mapped[bool]
    on_display: Mapped[bool]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
