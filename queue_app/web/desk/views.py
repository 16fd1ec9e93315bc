"""The pages of the front desk."""

from __future__ import annotations

from . import printing
from .arrivals import actions, arrivals, identity, look_up, out_of_order, scan, scanner_trial
from .assisted import assist, priority
from .blueprint import bp
from .calendar import calls
from .offline import scans, snapshot

__all__ = [
    "actions",
    "arrivals",
    "assist",
    "bp",
    "calls",
    "identity",
    "look_up",
    "out_of_order",
    "printing",
    "priority",
    "scan",
    "scanner_trial",
    "scans",
    "snapshot",
]
