"""The texts of messages that an office has worded itself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.reminders import MessageKind

from .base import Base, UtcDateTime, words


class MessageText(Base):
    """Without a row the built-in text is sent (`templates/messages`). ``language``: id or en."""

    __tablename__ = "message_text"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    kind: Mapped[MessageKind] = mapped_column(words(MessageKind, "message_text_kind"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
