"""What the administrator decides: one day's quota, closing and reopening a day, the weekly schedule."""

from .closing import close_day, open_day
from .day import SlotChange, lock_service_day, preview_day_quota, set_day_quota
from .schedule import NewSchedule, set_schedule

__all__ = [
    "NewSchedule",
    "SlotChange",
    "close_day",
    "lock_service_day",
    "open_day",
    "preview_day_quota",
    "set_day_quota",
    "set_schedule",
]
