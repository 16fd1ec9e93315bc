"""The pages of citizens."""

from __future__ import annotations

from .blueprint import bp
from .booking import book, change, choose, code_lost, details, lookup, offer, ticket, ticket_files
from .calendar import offices, rush
from .figures import openness
from .privacy import data, data_acts
from .surveys import survey
from .visits import more_time

__all__ = [
    "book",
    "bp",
    "change",
    "choose",
    "code_lost",
    "data",
    "data_acts",
    "details",
    "lookup",
    "more_time",
    "offer",
    "offices",
    "openness",
    "rush",
    "survey",
    "ticket",
    "ticket_files",
]
