"""The pages for the hall: the display, and the place in the line."""

from __future__ import annotations

from . import visits
from .blueprint import bp

__all__ = ["bp", "visits"]
