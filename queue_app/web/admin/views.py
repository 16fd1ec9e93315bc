"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff, staff_links
from .blueprint import bp
from .calendar import closures, days, holiday_years, holidays, offerings, offices, schedules, withdrawn
from .printing import printers
from .privacy import breaches, protection
from .records import audit, backups, outbox
from .visits import counters

__all__ = [
    "audit",
    "backups",
    "bp",
    "breaches",
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
    "protection",
    "schedules",
    "staff",
    "staff_links",
    "withdrawn",
]
