"""Slow down whoever guesses booking codes."""

from __future__ import annotations

import ipaddress

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

PER_ADDRESS = RateLimitItemPerMinute(10, 10)
PER_CODE = RateLimitItemPerHour(10)


class LookUpAttempts:
    """Counts in the memory of the process: of several processes each allows as many, which is few enough."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, address: str | None, code: str | None) -> int:
        """Count one attempt and return 0; or, when there were too many, count nothing and return seconds to wait.

        ``code``: the booking code as read, None when what was typed cannot be one.
        """
        counted = [(PER_ADDRESS, _network(address))] + ([(PER_CODE, code)] if code else [])
        full = [rate for rate, name in counted if not self._limiter.test(rate, name)]
        if full:
            return max(rate.get_expiry() for rate in full)
        for rate, name in counted:
            self._limiter.hit(rate, name)
        return 0


def _network(address: str | None) -> str:
    """An IPv6 household has billions of addresses: its /64 counts as one."""
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)
