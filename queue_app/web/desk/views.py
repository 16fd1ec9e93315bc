"""The pages of the front desk."""

from __future__ import annotations

from . import printing
from .arrivals import actions, arrivals, identity, out_of_order, paper_list, scan, scanner_trial
from .assisted import assist, priority
from .blueprint import bp
from .booking import absent, changes, correcting, person, search
from .calendar import calls
from .offline import scans, snapshot
from .privacy import person_data

__all__ = [
    "absent",
    "actions",
    "arrivals",
    "assist",
    "bp",
    "changes",
    "correcting",
    "calls",
    "identity",
    "out_of_order",
    "paper_list",
    "person",
    "person_data",
    "printing",
    "priority",
    "scan",
    "scanner_trial",
    "scans",
    "search",
    "snapshot",
]
