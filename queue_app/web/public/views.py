"""What citizens open."""

from __future__ import annotations

from . import booking, changing, details, lookup, more_time, pages, rush, ticket, ticket_files
from .blueprint import bp

__all__ = ["booking", "bp", "changing", "details", "lookup", "more_time", "pages", "rush", "ticket", "ticket_files"]
