"""The pages that all staff have."""

from __future__ import annotations

from .access import first_administrator, links, log_in, openid, own_account, second_factor, second_step
from .access.log_in import bp

__all__ = ["bp", "first_administrator", "links", "log_in", "openid", "own_account", "second_factor", "second_step"]
