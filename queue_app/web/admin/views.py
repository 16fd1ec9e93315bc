"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff
from .blueprint import bp
from .calendar import closures, days, holiday_years, holidays, offerings, offices, schedules, withdrawn
from .printing import printers
from .privacy import breaches, protection
from .records import audit, audit_export, backups, exceptions, message_facts, outbox
from .visits import counters

__all__ = [
    "audit",
    "audit_export",
    "backups",
    "bp",
    "breaches",
    "closures",
    "counters",
    "days",
    "exceptions",
    "holiday_years",
    "holidays",
    "kiosks",
    "message_facts",
    "offerings",
    "offices",
    "outbox",
    "printers",
    "protection",
    "schedules",
    "staff",
    "withdrawn",
]
