"""The pages of administrators and auditors."""

from __future__ import annotations

from .access import kiosks, staff, staff_links
from .blueprint import bp
from .calendar import (
    closures,
    days,
    holiday_years,
    holidays,
    month,
    offerings,
    offices,
    quota_changes,
    releases,
    schedules,
    withdrawn,
)
from .coverage import coverage
from .exchange import exports, imports
from .figures import report, today
from .printing import printers
from .privacy import breaches, protection
from .records import audit, audit_export, backups, exceptions, message_facts, outbox, webhooks
from .rosters import advice, roster
from .setup import address, copied_weeks, hours, letters, logo, names, overview, ramadan, region, services, site, zone
from .setup import counters as setup_counters
from .setup import holidays as setup_holidays
from .setup import office as setup_office
from .surveys import asking, remarks, results
from .texts import announcements
from .texts import messages as message_texts
from .visits import counters

__all__ = [
    "address",
    "announcements",
    "advice",
    "asking",
    "audit",
    "audit_export",
    "backups",
    "bp",
    "breaches",
    "closures",
    "copied_weeks",
    "counters",
    "coverage",
    "days",
    "exceptions",
    "exports",
    "holiday_years",
    "holidays",
    "hours",
    "imports",
    "kiosks",
    "message_facts",
    "message_texts",
    "month",
    "letters",
    "logo",
    "names",
    "offerings",
    "offices",
    "outbox",
    "overview",
    "printers",
    "protection",
    "quota_changes",
    "ramadan",
    "region",
    "releases",
    "remarks",
    "report",
    "results",
    "roster",
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
    "webhooks",
]
