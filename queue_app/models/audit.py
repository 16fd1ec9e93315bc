"""The audit log: rows written plainly in each transaction, sealed into a hash chain by a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.booking import TicketState
from queue_app.domain.visits import VisitState

from .base import Base, UtcDateTime

# Written for each person, some of them several times: nearly all of the log.
OF_PEOPLE = (
    *(f"ticket.{state}" for state in TicketState),
    "ticket.identity",
    *(f"visit.{state}" for state in VisitState),
)
OF_PURGE = "booking.purged"  # the same, but at no office
# By which a person of the staff, or whoever runs the system, has seen data that is covered else.
REVEALING = (
    "booking.contact_shown",
    "offer.phone_shown",
    "data.shown",
    "data.copied",
    "breach.exported",
    "table.revealed",
)
OF_STAFF = "substr(actor, 1, 6) = 'staff:'"
OF_PROGRAMS = "substr(actor, 1, 7) IN ('api-key', 'device:')"
WITH_REASON = "reason IS NOT NULL"
OFFICE_ACTS = "action NOT IN (" + ", ".join(f"'{action}'" for action in (*OF_PEOPLE, OF_PURGE)) + ")"


def _of_some(name: str, of: str, which: str) -> Index:
    return Index(name, of, "at", "id", sqlite_where=text(which), postgresql_where=text(which))


class AuditEntry(Base):
    """Who did what to which row, when and why. Holds no personal data of citizens, so it may be kept."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject", "subject_id"),
        Index("ix_audit_entry_office_id_at_id", "office_id", "at", "id"),
        # Each of the others holds what is rare among that. A booking that a citizen makes is in none of them.
        _of_some("ix_audit_entry_office_acts", "office_id", OFFICE_ACTS),
        _of_some("ix_audit_entry_with_reason", "office_id", WITH_REASON),
        _of_some("ix_audit_entry_of_staff", "actor", OF_STAFF),
        _of_some("ix_audit_entry_of_programs", "actor", OF_PROGRAMS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]  # table name
    subject_id: Mapped[int]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None]


class AuditSeal(Base):
    """One link: the hash over the entry and the hash of the link before."""

    __tablename__ = "audit_seal"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
