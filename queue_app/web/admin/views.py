"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff, staff_links
from .blueprint import bp
from .calendar import closures, days, holiday_years, holidays, offerings, offices, schedules, withdrawn
from .exchange import exports, imports
from .figures import report, today
from .printing import printers
from .privacy import breaches, protection
from .records import audit, audit_export, backups, exceptions, message_facts, outbox
from .setup import counters as setup_counters
from .setup import holidays as setup_holidays
from .setup import hours, letters, overview, services, site, zone
from .setup import office as setup_office
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
    "exports",
    "holiday_years",
    "holidays",
    "hours",
    "imports",
    "kiosks",
    "message_facts",
    "letters",
    "offerings",
    "offices",
    "outbox",
    "overview",
    "printers",
    "protection",
    "report",
    "schedules",
    "services",
    "setup_counters",
    "setup_holidays",
    "setup_office",
    "site",
    "staff",
    "staff_links",
    "today",
    "withdrawn",
    "zone",
]
