"""The pages of the counters."""

from __future__ import annotations

from . import offline
from .blueprint import bp
from .visits import disruption, presses

__all__ = ["bp", "disruption", "offline", "presses"]
