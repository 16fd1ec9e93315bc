"""The pages of a kiosk."""

from __future__ import annotations

from .access import enrolment
from .arrivals import arrival, result_page, start
from .assisted import number
from .blueprint import bp
from .surveys import survey

__all__ = ["arrival", "bp", "enrolment", "number", "result_page", "start", "survey"]
