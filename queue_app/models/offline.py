"""Acts of staff while the connection to the server was cut, as they reached us afterwards."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, UtcDateTime, words
from .booking import Ticket
from .staff import Staff
from .visits import Counter

OPEN = "conflict AND settled_at IS NULL"


class OfflineAct(StrEnum):
    """What can be done without the server."""

    SCAN = "scan"
    CALL = "call"
    RECALL = "recall"
    SKIP = "skip"
    START = "start"
    FINISH = "finish"
    HOLD = "hold"


class OfflineEntry(Base):
    """One thing that was done at `at` and decided here at `received_at`; of a family's scan one for each person.

    `answer` is the server's: the result of a scan, "done", "withdrawn", or the code of a refusal. `conflict`: the
    device went on and the server did not, so that a person has to decide; `note` says what they decided.
    `claimed_at`: what the device said, where `at` was set right because it cannot have been then. `digest`: of what was
    sent, so that a nonce answers for nothing else.
    """

    __tablename__ = "offline_entry"
    __table_args__ = (
        Index(
            "ix_offline_entry_open",
            "office_id",
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index(
            "ix_offline_entry_corrected",
            "office_id",
            "received_at",
            sqlite_where=text("claimed_at IS NOT NULL"),
            postgresql_where=text("claimed_at IS NOT NULL"),
        ),
        CheckConstraint("settled_at IS NULL OR note IS NOT NULL", name="note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))  # whose device sent it
    act: Mapped[OfflineAct] = mapped_column(words(OfflineAct, "offline_act"))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str]
    conflict: Mapped[bool]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None]
    digest: Mapped[bytes | None] = mapped_column(LargeBinary)

    # Not joined: with what a ticket joins itself SQLite would read every ticket there is.
    ticket: Mapped[Ticket | None] = relationship(lazy="selectin")
    counter: Mapped[Counter | None] = relationship(lazy="joined")
    staff: Mapped[Staff] = relationship(lazy="joined", innerjoin=True, foreign_keys=[staff_id])


class HallDevice(Base):
    """A browser of the staff, by the SHA-256 of its cookie, and when the server heard of it.

    `silent_from` and `silent_until`: the last time in which it was not heard of, and may have worked by itself.
    """

    __tablename__ = "hall_device"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    silent_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    silent_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
