"""Figures of finished days: what is left of them for reports, whatever becomes of the rows they were counted from.

Nothing in these tables is about one citizen. Nothing points from here to rows that an operator may take away after
years, but to the office and its services.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.figures.refusals import RefusalReason

from .base import Base, UtcDateTime, words


class DayFigures(Base):
    """One service of one office on one day. ``mark``: what the day's rows looked like when they were counted."""

    __tablename__ = "day_figures"
    __table_args__ = (
        Index(
            "ix_day_figures_unsettled",  # looked at again, however old
            "office_id",
            "day",
            sqlite_where=text("unsettled > 0"),
            postgresql_where=text("unsettled > 0"),
        ),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    mark: Mapped[str]
    public_quota: Mapped[int]
    kept_quota: Mapped[int]  # for those who are helped, and for priority
    closed_places: Mapped[int]
    tickets: Mapped[int]  # that were ever given for the day, those given back and moved included
    booked: Mapped[int]  # held at the end, by those who had booked
    walk_ins: Mapped[int]
    cancelled: Mapped[int]
    moved: Mapped[int]
    came: Mapped[int]  # of those who had booked
    missed: Mapped[int]
    unsettled: Mapped[int]  # neither came nor missed yet, or still in the hall
    served: Mapped[int]
    again: Mapped[int] = mapped_column(default=0)  # came, and had come for the same in the thirty days before
    unanswered: Mapped[int]  # here, called, and absent
    waits: Mapped[int]
    wait_seconds: Mapped[int]
    service_times: Mapped[int]
    service_seconds: Mapped[int]
    first_full_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sold_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DayCount(Base):
    """How many people of a service and day fall under one word of a breakdown, or into one bar of a histogram."""

    __tablename__ = "day_count"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    breakdown: Mapped[Breakdown] = mapped_column(words(Breakdown, "breakdown"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)  # of a histogram: the lower bound
    people: Mapped[int]
    came: Mapped[int]
    missed: Mapped[int]


class DayWork(Base):
    """What a member of staff did at a counter on a day; 0 stands for the list of arrivals, and for nobody."""

    __tablename__ = "day_work"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    calls: Mapped[int]
    served: Mapped[int]
    unanswered: Mapped[int]
    seconds: Mapped[int]


class DayRefusal(Base):
    """How often a booking for a day was refused, at least: what a process had not written down yet is lost with it."""

    __tablename__ = "day_refusal"

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)  # that was asked for
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), primary_key=True)
    reason: Mapped[RefusalReason] = mapped_column(words(RefusalReason, "refusal_reason"), primary_key=True)
    attempts: Mapped[int]
