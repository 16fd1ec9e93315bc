"""The weekly schedules with their quota, and the holidays."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.calendar import DatedSchedule, Share, Window
from queue_app.domain.holidays import HolidayStatus, reasons_of_holiday

from .base import Base, UtcDateTime, words
from .office import Office

FOR_ALL_OFFICES = text("office_id IS NULL")
FOR_ONE_OFFICE = text("office_id IS NOT NULL")


class Schedule(Base):
    """A weekly schedule in force over a range of dates. A later beginning lies over an earlier one (Ramadan)."""

    __tablename__ = "schedule"
    __table_args__ = (CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="valid_range"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    office_service_id: Mapped[int] = mapped_column(ForeignKey("office_service.id"), index=True)
    name: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    windows: Mapped[list[ScheduleWindow]] = relationship(
        order_by="(ScheduleWindow.weekday, ScheduleWindow.starts_at, ScheduleWindow.share)",
        cascade="all, delete-orphan",
    )

    @property
    def dated(self) -> DatedSchedule:
        windows = tuple(
            Window(window.weekday, window.starts_at, window.ends_at, window.share, window.capacity)
            for window in self.windows
        )
        return DatedSchedule(self.valid_from, self.valid_until, windows)


class ScheduleWindow(Base):
    """An arrival window of a weekday and the places of one share in it."""

    __tablename__ = "schedule_window"
    __table_args__ = (
        UniqueConstraint("schedule_id", "weekday", "starts_at", "share"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("ends_at > starts_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    starts_at: Mapped[time]
    ends_at: Mapped[time]
    share: Mapped[Share] = mapped_column(words(Share, "share"), default=Share.PUBLIC)
    capacity: Mapped[int]


class Holiday(Base):
    """A public holiday or joint leave day, for all offices; or a day that is one at a single office.

    Those for all are proposed by a library, then decided and edited, as decrees are amended. Of two of one date the one
    for all offices names the day (`docs/rules.md` R-HOLIDAY-3).
    """

    __tablename__ = "holiday"
    __table_args__ = (
        CheckConstraint("office_id IS NULL OR status = 'confirmed'", name="local_is_certain"),
        Index(
            "uq_holiday_date",
            "date",
            unique=True,
            sqlite_where=FOR_ALL_OFFICES,
            postgresql_where=FOR_ALL_OFFICES,
        ),
        Index(
            "uq_holiday_office_id_date",
            "office_id",
            "date",
            unique=True,
            sqlite_where=FOR_ONE_OFFICE,
            postgresql_where=FOR_ONE_OFFICE,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    date: Mapped[date]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))  # None: all offices
    name_id: Mapped[str]
    name_en: Mapped[str]
    status: Mapped[HolidayStatus] = mapped_column(
        words(HolidayStatus, "holiday_status"), default=HolidayStatus.CONFIRMED
    )
    estimated: Mapped[bool] = mapped_column(default=False)  # no decree has named the date yet

    office: Mapped[Office | None] = relationship()

    @property
    def reasons(self) -> tuple[str, str]:
        """As citizens read it, in Indonesian and English."""
        probable = self.estimated and self.status is HolidayStatus.PROPOSED
        return reasons_of_holiday(self.name_id, self.name_en, probable=probable)


class HolidayYear(Base):
    """A year whose list of holidays an administrator has declared complete: nothing is proposed for it any more."""

    __tablename__ = "holiday_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[str]
