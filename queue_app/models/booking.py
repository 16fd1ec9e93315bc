"""Bookings, their tickets, and check-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.arrivals import IdentityResult, ScanResult
from queue_app.domain.booking import ACTIVE_STATES, TicketState
from queue_app.domain.priority import Channel, Priority

from .base import Base, UtcDateTime, words
from .office import Office, Service
from .service_day import Slot


def _among(states: tuple[TicketState, ...]) -> str:
    return "state IN (" + ", ".join(f"'{state}'" for state in states) + ")"


PAST = _among(ACTIVE_STATES).replace("IN", "NOT IN", 1)


class Booking(Base):
    """What one person booked in one go: a code, a way to reach them, and one to five tickets."""

    __tablename__ = "booking"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    request_key: Mapped[str | None] = mapped_column(unique=True)
    request_digest: Mapped[bytes | None] = mapped_column(LargeBinary)  # keyed hash of all that was asked for
    # The partner whose key booked. No foreign key: every booking of a partner would lock the partner's row on the way.
    api_key_id: Mapped[int | None]
    channel: Mapped[Channel] = mapped_column(words(Channel, "channel"), default=Channel.ONLINE)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    language: Mapped[str]
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed; emptied by the purge
    email: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Its people have had the use of their data suspended (UU 27/2022 Pasal 11): no messages, no search by who they are.
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)
    tickets: Mapped[list[Ticket]] = relationship(back_populates="booking", order_by="(Ticket.position, Ticket.id)")


class Ticket(Base):
    """One person's place: the queue number, and what became of it.

    `office_id`, `service_id`, `day` and `starts_at` repeat the slot's, for the indexes below.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        UniqueConstraint("office_id", "service_id", "day", "queue_number"),
        # The last word on "one active booking per NIK and service" (docs/rules.md R-ACTIVE-1).
        Index(
            "uq_ticket_active_person_index",
            "service_id",
            "person_index",
            unique=True,
            sqlite_where=text(_among(ACTIVE_STATES)),
            postgresql_where=text(_among(ACTIVE_STATES)),
        ),
        Index("ix_ticket_arrivals", "office_id", "day", "starts_at", "queue_number"),
        Index("ix_ticket_slot_id", "slot_id"),
        # A person's other bookings. Those that hold are found by the unique one above: so booking itself pays nothing.
        Index(
            "ix_ticket_past_person_index",
            "person_index",
            sqlite_where=text(PAST),
            postgresql_where=text(PAST),
        ),
        Index(
            "ix_ticket_booked_starts_at",  # reminders and no-shows
            "starts_at",
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
        CheckConstraint("position BETWEEN 0 AND 4", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)  # of the person within the party
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    letter: Mapped[str]
    queue_number: Mapped[int]
    state: Mapped[TicketState] = mapped_column(words(TicketState, "ticket_state"), default=TicketState.BOOKED)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a no-show taken back after its day
    walk_in: Mapped[bool] = mapped_column(default=False)  # came without an appointment
    priority: Mapped[Priority | None] = mapped_column(words(Priority, "priority"))
    person_index: Mapped[bytes | None] = mapped_column(LargeBinary)  # keyed hash of the NIK
    nik: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    name: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed

    booking: Mapped[Booking] = relationship(back_populates="tickets")
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    slot: Mapped[Slot] = relationship(lazy="joined", innerjoin=True)


class CheckIn(Base):
    """One scan at a desk and its answer. The nonce makes a repeated request harmless."""

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "uq_check_in_admitted_ticket",
            "ticket_id",
            unique=True,
            sqlite_where=text("result IN ('checked_in', 'late') AND undone_at IS NULL"),
            postgresql_where=text("result IN ('checked_in', 'late') AND undone_at IS NULL"),
        ),
        Index("ix_check_in_ticket_id", "ticket_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    api_key_id: Mapped[int | None]  # the partner's program that scanned, where no member of staff did
    device_id: Mapped[int | None]  # or the kiosk
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    result: Mapped[ScanResult] = mapped_column(words(ScanResult, "scan_result"))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    identity: Mapped[IdentityResult | None] = mapped_column(words(IdentityResult, "identity_result"))
    identity_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    identity_by: Mapped[int | None]  # the member of staff who compared
