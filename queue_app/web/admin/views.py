"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff
from .blueprint import bp
from .calendar import closures, days, holiday_years, holidays, offerings, offices, schedules, withdrawn
from .figures import report, today
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
    "report",
    "schedules",
    "staff",
    "today",
    "withdrawn",
]
