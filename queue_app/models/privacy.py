"""Requests of people about their own data, and the proof that it is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.data_rights import RequestKind, RequestProof, RequestState

from .base import Base, UtcDateTime, words
from .booking import Booking
from .office import Office


class DataProof(Base):
    """A one-time code for a booking, sent to its own contact, and the door it opens for half an hour.

    The code itself is nowhere: it is a keyed hash of ``nonce`` and booking, so that a copy of the database does not
    tell it. ``tries`` is counted up before a code is compared.
    """

    __tablename__ = "data_proof"
    __table_args__ = (UniqueConstraint("booking_id", "asked_at"), CheckConstraint("tries >= 0", name="tries"))

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    door_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)  # of the random token in the cookie
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DataRequest(Base):
    """One request of one person about one booking, with its clock; ``position``: of the person within the party."""

    __tablename__ = "data_request"
    __table_args__ = (
        Index(
            "uq_data_request_open",  # asked twice, it is one request and one clock
            "booking_id",
            "position",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_data_request_office_id_state", "office_id", "state"),
        Index("ix_data_request_booking_id", "booking_id"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("state != 'refused' OR reason IS NOT NULL", name="refused"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    position: Mapped[int]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))  # that they held then
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    kind: Mapped[RequestKind] = mapped_column(words(RequestKind, "request_kind"))
    proof: Mapped[RequestProof] = mapped_column(words(RequestProof, "request_proof"))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by: Mapped[str]  # as the audit names actors
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[RequestState] = mapped_column(words(RequestState, "request_state"), default=RequestState.OPEN)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None]
    reason: Mapped[str | None]  # of a refusal, or what stays

    booking: Mapped[Booking] = relationship(lazy="joined", innerjoin=True)
    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
