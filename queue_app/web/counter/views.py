"""The pages of the counters."""

from __future__ import annotations

from . import offline
from .blueprint import bp
from .visits import closing, disruption, presses, revisits

__all__ = ["bp", "closing", "disruption", "offline", "presses", "revisits"]
