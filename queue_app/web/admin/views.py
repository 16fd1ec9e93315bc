"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff
from .blueprint import bp
from .calendar import closures, days, holidays, offerings, offices, schedules
from .printing import printers
from .records import audit, outbox
from .visits import counters

__all__ = [
    "audit",
    "bp",
    "closures",
    "counters",
    "days",
    "holidays",
    "kiosks",
    "offerings",
    "offices",
    "outbox",
    "printers",
    "schedules",
    "staff",
]
