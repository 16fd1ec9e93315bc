"""Failures of data protection, and who has been told of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, UtcDateTime
from .booking import Booking
from .office import Office


class Breach(Base):
    """What happened to which data of whoever had an appointment at the office on these days.

    ``data``: words of `BreachedData` with commas between. ``told_at``: when the office decided to tell, and the time
    that its messages bear; ``spread_at``: everybody has a notice.
    """

    __tablename__ = "breach"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="range"),
        CheckConstraint("spread_at IS NULL OR told_at IS NOT NULL", name="spread"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    happened: Mapped[str]
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    data: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    notice_id: Mapped[str]  # what those concerned are told
    notice_en: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str]
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime, unique=True)  # its messages are known by it
    told_by: Mapped[str | None]
    spread_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    authority_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    authority_by: Mapped[str | None]

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    services: Mapped[list[BreachService]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class BreachService(Base):
    """One of the services concerned; none at all means every one of the office."""

    __tablename__ = "breach_service"

    breach_id: Mapped[int] = mapped_column(ForeignKey("breach.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)


class BreachNotice(Base):
    """That a booking's people are told of a breach: by message, or because somebody telephones."""

    __tablename__ = "breach_notice"
    __table_args__ = (
        UniqueConstraint("breach_id", "booking_id"),  # the last word on "everybody once"
        Index("ix_breach_notice_booking_id", "booking_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    breach_id: Mapped[int] = mapped_column(ForeignKey("breach.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    to_call: Mapped[bool]  # no message reaches them
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    breach: Mapped[Breach] = relationship(lazy="joined", innerjoin=True)
    booking: Mapped[Booking] = relationship(lazy="joined", innerjoin=True)
