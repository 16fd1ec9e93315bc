"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff, staff_links
from .blueprint import bp
from .calendar import closures, days, holiday_years, holidays, offerings, offices, schedules, withdrawn
from .coverage import coverage
from .figures import report, today
from .printing import printers
from .privacy import breaches, protection
from .records import audit, audit_export, backups, exceptions, message_facts, outbox
from .setup import counters as setup_counters
from .setup import holidays as setup_holidays
from .setup import hours, letters, overview, services, site, zone
from .setup import office as setup_office
from .surveys import asking, remarks, results
from .visits import counters

__all__ = [
    "asking",
    "audit",
    "audit_export",
    "backups",
    "bp",
    "breaches",
    "closures",
    "counters",
    "coverage",
    "days",
    "exceptions",
    "holiday_years",
    "holidays",
    "hours",
    "kiosks",
    "message_facts",
    "letters",
    "offerings",
    "offices",
    "outbox",
    "overview",
    "printers",
    "protection",
    "remarks",
    "report",
    "results",
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
