"""The routes for programs."""

from __future__ import annotations

from .arrivals import check_ins
from .blueprint import bp
from .booking import bookings
from .calendar import offices
from .document import documentation
from .figures import figures
from .surveys import survey

__all__ = ["bookings", "bp", "check_ins", "documentation", "figures", "offices", "survey"]
