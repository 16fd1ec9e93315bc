"""The days of a service at an office, and their slots."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.calendar import DayStatus, Share

from .base import Base, UtcDateTime, words


class ServiceDay(Base):
    """One day of one service at one office, made from the schedule."""

    __tablename__ = "service_day"
    __table_args__ = (UniqueConstraint("office_id", "service_id", "day"), Index("ix_service_day_day", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date]
    status: Mapped[DayStatus] = mapped_column(words(DayStatus, "day_status"), default=DayStatus.OPEN)
    reason_id: Mapped[str | None]  # why it is closed, or the name of the holiday
    reason_en: Mapped[str | None]
    next_block: Mapped[int]  # first queue number that no slot of the day owns
    walk_ins: Mapped[int] = mapped_column(default=0)  # numbers given without an appointment: a counter, as slot.booked
    set_by_hand: Mapped[bool] = mapped_column(default=False)  # a later change of the schedule leaves it alone
    closure_id: Mapped[int | None]  # that closed the whole day; no foreign key, as of a slot

    slots: Mapped[list[Slot]] = relationship(back_populates="service_day", order_by="(Slot.starts_at, Slot.share)")


class Slot(Base):
    """An arrival window of a day with its places, and the block of queue numbers that belongs to it.

    `booked` is a counter and not a count, and `accepts` repeats the day's status and whether a closure has taken the
    slot: so one conditional statement on this one row decides whether a place is given.

    `planned` are the places that the schedule, the day's quota or an exception wants, `capacity` those there are:
    `planned`, or as many as are booked where that is more. So a place in an hour that was dropped or cut goes when its
    holder leaves, and is not given again (`docs/rules.md` R-QUOTA-4).
    """

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("office_id", "service_id", "day", "starts_at", "share"),
        Index("ix_slot_office_id_day", "office_id", "day"),
        CheckConstraint("booked >= 0 AND booked <= capacity", name="booked_within_capacity"),
        CheckConstraint("planned >= 0 AND planned <= capacity", name="planned_within_capacity"),
        CheckConstraint("ends_at > starts_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    service_day_id: Mapped[int] = mapped_column(ForeignKey("service_day.id"), index=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    share: Mapped[Share] = mapped_column(words(Share, "share"), default=Share.PUBLIC)
    planned: Mapped[int]
    capacity: Mapped[int]
    booked: Mapped[int] = mapped_column(default=0)
    accepts: Mapped[bool] = mapped_column(default=True)
    next_number: Mapped[int]
    last_number: Mapped[int]
    # The closure that has taken it out. No foreign key: SQLite could never part with the column again.
    closure_id: Mapped[int | None] = mapped_column(index=True)

    service_day: Mapped[ServiceDay] = relationship(back_populates="slots")
