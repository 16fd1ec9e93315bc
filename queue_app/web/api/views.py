"""What programs call."""

from __future__ import annotations

from . import bookings, check_ins, documentation, offices
from .blueprint import bp

__all__ = ["bookings", "bp", "check_ins", "documentation", "offices"]
