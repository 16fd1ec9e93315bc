"""Messages to citizens, from the moment they are due until they are sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.reminders import MessageKind

from .base import Base, UtcDateTime, words
from .booking import Booking

IN_A_FILE = "file"  # the channel for want of a mail server: what was sent there has reached nobody yet


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # claimed by a sender until `next_try_at`; then it may be claimed again
    SENT = "sent"
    FAILED = "failed"  # given up after the last try
    OVERTAKEN = "overtaken"  # the appointment passed or changed before it could be sent
    HELD = "held"  # due before the database was restored: it may have gone out already, so a person decides


class OutboxMessage(Base):
    """The text is made when it is sent, so no personal data lies in this table."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("booking_id", "kind", "due_at"),
        Index("ix_outbox_message_waiting", "state", "next_try_at"),
        Index("ix_outbox_message_office_id_id", "office_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    # Where the booking's people were expected when it was queued. No foreign key: a booking would check it each time.
    office_id: Mapped[int]
    kind: Mapped[MessageKind] = mapped_column(words(MessageKind, "message_kind"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[MessageState] = mapped_column(words(MessageState, "message_state"), default=MessageState.QUEUED)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    channel: Mapped[str | None]  # how it went: email, file

    booking: Mapped[Booking] = relationship(lazy="joined", innerjoin=True)
