"""Offices, services, and the rules of a service at an office."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from queue_app.domain.arrivals import ArrivalRules
from queue_app.domain.calendar import BeforeDay, BookingRules
from queue_app.domain.calling import CallingRules
from queue_app.domain.catalogue import Category
from queue_app.domain.quota_change import ALONE

from .base import Base, UtcDateTime, words


class Office(Base):
    """A place where people come: the regency office, a kecamatan, a UPTD zone office."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    region_code: Mapped[str]  # Kemendagri code, "33.14" or "33.14.10"
    region_name: Mapped[str]
    address: Mapped[str]
    map_url: Mapped[str | None]
    # How it can be reached (`domain/contact.py`); the hours are words for people, one line each.
    phone: Mapped[str | None]
    whatsapp: Mapped[str | None]  # +62…
    email: Mapped[str | None]
    complaint_url: Mapped[str | None]
    opening_hours_id: Mapped[str] = mapped_column(default="")
    opening_hours_en: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    # The numbers in the published rule of who is called next (`domain/calling.py`).
    regular_per_priority: Mapped[int] = mapped_column(default=CallingRules.regular_per_priority)
    appointments_per_walk_in: Mapped[int] = mapped_column(default=CallingRules.appointments_per_walk_in)
    calls_before_skip: Mapped[int] = mapped_column(default=CallingRules.calls_before_skip)
    skip_back: Mapped[int] = mapped_column(default=CallingRules.skip_back)
    skips_before_absent: Mapped[int] = mapped_column(default=CallingRules.skips_before_absent)
    more_time_back: Mapped[int] = mapped_column(default=CallingRules.more_time_back)
    nearly: Mapped[int] = mapped_column(default=CallingRules.nearly)
    quota_alone: Mapped[int] = mapped_column(default=ALONE)  # places that one person may add or remove at once
    recording_kits: Mapped[int | None]  # that can be used at once; None where the office has not said
    survey_by_message: Mapped[bool] = mapped_column(default=True)  # ask those who were served by mail

    @property
    def calling_rules(self) -> CallingRules:
        return CallingRules(**{name: getattr(self, name) for name in CallingRules.__dataclass_fields__})


class FormerAddress(Base):
    """A name that an office had in addresses: it goes on leading to the office, and no other one may take it."""

    __tablename__ = "former_address"

    slug: Mapped[str] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    left_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Service(Base):
    """A service of the civil registry (`docs/rules.md` R-SERVICE-1), the same at every office."""

    __tablename__ = "service"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    category: Mapped[Category] = mapped_column(words(Category, "category"), default=Category.OTHER)
    name_id: Mapped[str]
    name_en: Mapped[str]
    summary_id: Mapped[str]
    summary_en: Mapped[str]
    asks_recorded_before: Mapped[bool] = mapped_column(default=False)  # "Sudah pernah rekam?"
    position: Mapped[int] = mapped_column(default=0)


class OfficeService(Base):
    """A service as one office gives it: what to bring, the letter of its numbers, and its times."""

    __tablename__ = "office_service"
    __table_args__ = (
        UniqueConstraint("office_id", "service_id"),
        UniqueConstraint("office_id", "letter"),
        CheckConstraint("walk_ins_per_day >= 0", name="walk_ins_per_day"),
        CheckConstraint("opens_days_before BETWEEN 1 AND 366", name="opens_days_before"),
        CheckConstraint("closes_days_before BETWEEN 0 AND 366", name="closes_days_before"),
        CheckConstraint("changes_close_days_before BETWEEN 0 AND 366", name="changes_close_days_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    letter: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)  # among the services of the office
    active: Mapped[bool] = mapped_column(default=True)
    who_id: Mapped[str]  # who may come
    who_en: Mapped[str]
    requirements_id: Mapped[str]  # one requirement a line
    requirements_en: Mapped[str]
    opens_days_before: Mapped[int] = mapped_column(default=30)
    opens_at: Mapped[time] = mapped_column(default=time(7, 0))
    closes_days_before: Mapped[int] = mapped_column(default=1)
    closes_at: Mapped[time] = mapped_column(default=time(16, 0))
    changes_close_days_before: Mapped[int] = mapped_column(default=1)
    changes_close_at: Mapped[time] = mapped_column(default=time(12, 0))
    early_minutes: Mapped[int] = mapped_column(default=30)
    late_minutes: Mapped[int] = mapped_column(default=30)
    walk_ins_per_day: Mapped[int] = mapped_column(default=20)  # numbers without an appointment, at most
    releases_at: Mapped[time] = mapped_column(default=time(8, 0))  # then unclaimed places are for those who came
    # The standard of service that an office publishes (UU 25/2009 Pasal 21): what happens, how long, on what basis.
    steps_id: Mapped[str] = mapped_column(default="")  # one step a line
    steps_en: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int] = mapped_column(default=0)  # that it takes at the counter; 0 where the office has not said
    legal_basis: Mapped[str] = mapped_column(default="")
    days_made_until: Mapped[date | None]  # every day up to this one exists

    office: Mapped[Office] = relationship(lazy="joined", innerjoin=True)
    service: Mapped[Service] = relationship(lazy="joined", innerjoin=True)

    @property
    def booking_rules(self) -> BookingRules:
        return BookingRules(
            opens=BeforeDay(self.opens_days_before, self.opens_at),
            closes=BeforeDay(self.closes_days_before, self.closes_at),
            changes_close=BeforeDay(self.changes_close_days_before, self.changes_close_at),
            zone=self.office.time_zone,
        )

    @property
    def arrival_rules(self) -> ArrivalRules:
        return ArrivalRules(early_minutes=self.early_minutes, late_minutes=self.late_minutes)
