"""The pages for the hall: the display, and the place in the queue."""

from __future__ import annotations

from . import visits
from .blueprint import bp

__all__ = ["bp", "visits"]
