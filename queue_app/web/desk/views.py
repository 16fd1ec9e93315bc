"""What the front desk opens."""

from __future__ import annotations

from . import arrivals, scan
from .blueprint import bp

__all__ = ["arrivals", "bp", "scan"]
