"""The pages that all staff have."""

from __future__ import annotations

from .access import first_administrator, log_in, own_account
from .access.log_in import bp

__all__ = ["bp", "first_administrator", "log_in", "own_account"]
