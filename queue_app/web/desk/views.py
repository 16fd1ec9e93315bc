"""What the front desk opens."""

from __future__ import annotations

from . import arrival_actions, arrivals, assisted, identity, kept_day, offline, printing, priority, scan
from .blueprint import bp

__all__ = [
    "arrival_actions",
    "arrivals",
    "assisted",
    "bp",
    "identity",
    "kept_day",
    "offline",
    "printing",
    "priority",
    "scan",
]
