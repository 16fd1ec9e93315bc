"""Kiosks and printers of an office, and what was printed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.printing import PrintState

from .base import Base, UtcDateTime, words
from .office import Office


class RollWidth(StrEnum):
    """Of a receipt printer's paper, in millimetres."""

    MM_58 = "58"
    MM_80 = "80"


class Printer(Base):
    """A receipt printer that takes ESC/POS over TCP: itself in the network, or a bridge to one on a USB port."""

    __tablename__ = "printer"
    __table_args__ = (
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        CheckConstraint("columns IN (32, 42, 48)", name="columns"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[str]
    host: Mapped[str]
    port: Mapped[int] = mapped_column(default=9100)
    width: Mapped[RollWidth] = mapped_column(words(RollWidth, "roll_width"), default=RollWidth.MM_80)
    columns: Mapped[int] = mapped_column(default=48)  # characters on a line: of `domain.printing.COLUMNS`
    active: Mapped[bool] = mapped_column(default=True)

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)


class PrintJob(Base):
    """One time that a booking's tickets were printed. Only the first one is no copy, whatever became of it."""

    __tablename__ = "print_job"
    __table_args__ = (
        Index(
            "uq_print_job_original",
            "booking_id",
            unique=True,
            sqlite_where=text("NOT copy"),
            postgresql_where=text("NOT copy"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))  # None: the browser's own printing
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by: Mapped[str]  # as the audit log names actors
    copy: Mapped[bool] = mapped_column(default=False)
    state: Mapped[PrintState] = mapped_column(words(PrintState, "print_state"), default=PrintState.SENDING)
    problem: Mapped[str | None]  # of PrintProblem


class Device(Base):
    """A kiosk. It is enrolled with a one-time code; then its cookie holds a random token, of which the hash is here."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[str]
    printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)  # None once it was used
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    enrolled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
