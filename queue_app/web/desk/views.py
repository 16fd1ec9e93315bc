"""The pages of the front desk."""

from __future__ import annotations

from . import printing
from .arrivals import actions, arrivals, identity, scan
from .assisted import assist, priority
from .blueprint import bp
from .offline import scans, snapshot

__all__ = ["actions", "arrivals", "assist", "bp", "identity", "printing", "priority", "scan", "scans", "snapshot"]
