"""The pages of citizens."""

from __future__ import annotations

from .blueprint import bp
from .booking import book, change, choose, details, lookup, ticket, ticket_files
from .calendar import offices, rush
from .visits import more_time

__all__ = [
    "book",
    "bp",
    "change",
    "choose",
    "details",
    "lookup",
    "more_time",
    "offices",
    "rush",
    "ticket",
    "ticket_files",
]
