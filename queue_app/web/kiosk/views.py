"""What a kiosk opens."""

from __future__ import annotations

from . import arrival, enrolment, number, outcome, start
from .blueprint import bp

__all__ = ["arrival", "bp", "enrolment", "number", "outcome", "start"]
