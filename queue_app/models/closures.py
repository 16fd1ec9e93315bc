"""Closures, and the other places that they offer to those who were booked."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.closures import UNANSWERED, ClosedTime, ClosureKind, ClosureState, OfferState

from .base import Base, UtcDateTime, words
from .booking import Booking
from .office import Office
from .service_day import Slot


class Closure(Base):
    """Days, or hours of days, on which an office does not serve: one act from draft to revocation.

    `extra_places`: how many places may be added to a slot for those concerned; `precedence_days`: how long those who
    are told may still choose by their link, and who fitted nowhere before the others.
    """

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="range"),
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="hours"),
        CheckConstraint("extra_places >= 0", name="extra_places"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    kind: Mapped[ClosureKind] = mapped_column(words(ClosureKind, "closure_kind"), default=ClosureKind.PLANNED)
    state: Mapped[ClosureState] = mapped_column(words(ClosureState, "closure_state"), default=ClosureState.DRAFT)
    first_day: Mapped[date]
    last_day: Mapped[date]
    starts_at: Mapped[time | None]  # the office's own time, on each of the days; None for whole days
    ends_at: Mapped[time | None]
    only_dropped: Mapped[bool] = mapped_column(default=False)  # of all this, what the schedule has dropped
    reason_id: Mapped[str]
    reason_en: Mapped[str]
    other_offices: Mapped[bool] = mapped_column(default=False)
    extra_places: Mapped[int] = mapped_column(default=0)
    hold_hours: Mapped[int] = mapped_column(default=48)
    precedence_days: Mapped[int] = mapped_column(default=7)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str]
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str | None]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # everybody's offer was taken back

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    services: Mapped[list[ClosureService]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def time(self) -> ClosedTime:
        services = frozenset(one.service_id for one in self.services)
        return ClosedTime(self.first_day, self.last_day, self.starts_at, self.ends_at, services, self.only_dropped)


class ClosureService(Base):
    """One of the services that a closure names; none at all means every one of the office."""

    __tablename__ = "closure_service"

    closure_id: Mapped[int] = mapped_column(ForeignKey("closure.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)


class Offer(Base):
    """The place that the people of one booking are offered for the one a closure took. It is held while it is open.

    A held place is one of `slot.booked`, and its numbers from `first_number` on are nobody else's: whoever accepts
    needs no claim. It changes only under the lock of its booking.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("closure_id", "booking_id"),  # the last word on "exactly one offer for each"
        Index("ix_offer_booking_id", "booking_id"),
        Index(
            "ix_offer_held_until",
            "held_until",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_offer_held_slot_id",
            "slot_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("state != 'open' OR (slot_id IS NOT NULL AND held_until IS NOT NULL)", name="held"),
        CheckConstraint("places >= 0", name="places"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    closure_id: Mapped[int] = mapped_column(ForeignKey("closure.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    old_slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.id"))
    places: Mapped[int]
    first_number: Mapped[int | None]
    extra: Mapped[int] = mapped_column(default=0)  # places that were added to the slot for it
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    choose_until: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[OfferState] = mapped_column(words(OfferState, "offer_state"))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    to_call: Mapped[bool] = mapped_column(default=False)  # no message reaches them: somebody has to telephone
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None]

    closure: Mapped[Closure] = relationship(lazy="joined", innerjoin=True)
    booking: Mapped[Booking] = relationship(lazy="joined", innerjoin=True)
    old_slot: Mapped[Slot] = relationship(foreign_keys=[old_slot_id])
    slot: Mapped[Slot | None] = relationship(foreign_keys=[slot_id])

    @property
    def is_earlier(self) -> bool:
        """A day before theirs."""
        return self.slot is not None and self.slot.day < self.old_slot.day

    @property
    def has_first_choice(self) -> bool:
        """Nothing that fits them is held: they choose before the others, until `choose_until`."""
        return self.state is OfferState.WAITING or (self.state in UNANSWERED and self.is_earlier)
