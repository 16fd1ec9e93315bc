"""The pages of a kiosk."""

from __future__ import annotations

from .access import enrolment
from .arrivals import arrival, outcome, start
from .assisted import number
from .blueprint import bp

__all__ = ["arrival", "bp", "enrolment", "number", "outcome", "start"]
