"""What administrators and auditors open."""

from __future__ import annotations

from . import accounts, audit, closures, counters, days, devices, holidays, offerings, outbox, printers, schedules
from .blueprint import bp

__all__ = [
    "accounts",
    "audit",
    "bp",
    "closures",
    "counters",
    "days",
    "devices",
    "holidays",
    "offerings",
    "outbox",
    "printers",
    "schedules",
]
