"""The stored settings of a service at an office, as the domain's values."""

from __future__ import annotations

from queue_app.domain.arrivals import ArrivalRules
from queue_app.domain.calendar import BeforeDay, BookingRules, DatedSchedule, Window
from queue_app.domain.calling import CallingRules
from queue_app.models import Office, OfficeService, Schedule


def booking_rules(of: OfficeService) -> BookingRules:
    return BookingRules(
        opens=BeforeDay(of.opens_days_before, of.opens_at),
        closes=BeforeDay(of.closes_days_before, of.closes_at),
        changes_close=BeforeDay(of.changes_close_days_before, of.changes_close_at),
        zone=of.office.time_zone,
    )


def arrival_rules(of: OfficeService) -> ArrivalRules:
    return ArrivalRules(early_minutes=of.early_minutes, late_minutes=of.late_minutes)


def calling_rules(of: Office) -> CallingRules:
    return CallingRules(**{name: getattr(of, name) for name in CallingRules.__dataclass_fields__})


def dated_schedule(of: Schedule) -> DatedSchedule:
    windows = tuple(
        Window(window.weekday, window.starts_at, window.ends_at, window.share, window.capacity) for window in of.windows
    )
    return DatedSchedule(of.valid_from, of.valid_until, windows)
