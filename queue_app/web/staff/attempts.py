"""Slow down whoever guesses passwords: waits that grow, by address and by account, and never a lock for good."""

from __future__ import annotations

import hashlib

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# The longer somebody goes on, the longer the window that is full, and so the wait.
PER_ACCOUNT: tuple[RateLimitItem, ...] = (
    RateLimitItemPerMinute(5),
    RateLimitItemPerMinute(10, 15),
    RateLimitItemPerHour(20),
)
# A whole office may come from one address.
PER_ADDRESS: tuple[RateLimitItem, ...] = (RateLimitItemPerMinute(20), RateLimitItemPerHour(100))


class LogInAttempts:
    """Counts in the memory of the process: of several processes each allows as many, which is few enough."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, address: str, username: str) -> int:
        """Count one attempt and return 0; or, when there were too many, count nothing and return minutes to wait."""
        limits = [(rate, "account", _key(username)) for rate in PER_ACCOUNT]
        limits += [(rate, "address", address) for rate in PER_ADDRESS]
        full = [rate for rate, *names in limits if not self._limiter.test(rate, *names)]
        if full:
            return max(rate.get_expiry() for rate in full) // 60
        for rate, *names in limits:
            self._limiter.hit(rate, *names)
        return 0

    def forget(self, username: str) -> None:
        """After logging in the account starts afresh."""
        for rate in PER_ACCOUNT:
            self._limiter.clear(rate, "account", _key(username))


def _key(username: str) -> str:
    # Hashed, because people type passwords into the wrong field.
    return hashlib.sha256(username.strip().lower().encode()).hexdigest()
