"""The roster of an office."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.rosters import Shift

from .base import Base
from .staff import Staff
from .visits import Counter

PRESENT = text("NOT absent")


class RosterShift(Base):
    """Somebody at a counter for some hours of a day; ``absent``: they cannot come, and someone else may sit there.

    The indexes have the last word on two who begin at one minute; any other overlap is kept away by the locks of
    `services/rosters/shifts.py`, since SQLite has no constraint of ranges.
    """

    __tablename__ = "roster_shift"
    __table_args__ = (
        Index("ix_roster_shift_office_id_day", "office_id", "day"),
        Index("ix_roster_shift_staff_id_day", "staff_id", "day"),
        *(
            Index(
                f"uq_roster_shift_{whose}_day_starts_at",
                *(whose, "day", "starts_at"),
                unique=True,
                sqlite_where=PRESENT,
                postgresql_where=PRESENT,
            )
            for whose in ("staff_id", "counter_id")
        ),
        CheckConstraint("ends_at > starts_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    absent: Mapped[bool] = mapped_column(default=False)

    counter: Mapped[Counter] = relationship(lazy="joined", innerjoin=True)
    staff: Mapped[Staff] = relationship(lazy="joined", innerjoin=True)

    @property
    def shift(self) -> Shift:
        return Shift(self.counter_id, self.staff_id, self.day, self.starts_at, self.ends_at)
