"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff
from .blueprint import bp
from .calendar import closures, days, holiday_years, holidays, offerings, offices, schedules, withdrawn
from .printing import printers
from .records import audit, backups, outbox
from .visits import counters

__all__ = [
    "audit",
    "backups",
    "bp",
    "closures",
    "counters",
    "days",
    "holiday_years",
    "holidays",
    "kiosks",
    "offerings",
    "offices",
    "outbox",
    "printers",
    "schedules",
    "staff",
    "withdrawn",
]
