"""Slow down whoever guesses: passwords at the log-in, booking codes at the look-up. Waits, never a lock for good."""

from __future__ import annotations

import hashlib
import ipaddress

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from queue_app.web.site.language import ngettext


class Attempts:
    """Counts by subject (an account, a booking code) and by address, in the memory of the process.

    Of several processes each allows as many, which is few enough. Of several limits the longest full one decides, so
    the wait grows for those who go on.
    """

    def __init__(self, *, per_subject: tuple[RateLimitItem, ...], per_address: tuple[RateLimitItem, ...]) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._per_subject, self._per_address = per_subject, per_address

    def take(self, address: str | None, subject: str | None) -> int:
        """Count one attempt and return 0; or, when there were too many, count nothing and return seconds to wait."""
        counted = [(rate, _network(address)) for rate in self._per_address]
        counted += [(rate, _key(subject)) for rate in self._per_subject if subject]
        full = [rate for rate, name in counted if not self._limiter.test(rate, name)]
        if full:
            return max(rate.get_expiry() for rate in full)
        for rate, name in counted:
            self._limiter.hit(rate, name)
        return 0

    def forget(self, subject: str) -> None:
        """After success the subject starts afresh."""
        for rate in self._per_subject:
            self._limiter.clear(rate, _key(subject))


def too_many_tries(seconds: int) -> str:
    """What is said instead of an answer."""
    minutes = seconds // 60
    return ngettext(
        "Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi.",
        "Terlalu banyak percobaan. Tunggu paling lama %(minutes)s menit, lalu coba lagi.",
        minutes,
    ) % {"minutes": minutes}


def log_in_attempts() -> Attempts:
    """A whole office may come from one address."""
    return Attempts(
        per_subject=(RateLimitItemPerMinute(5), RateLimitItemPerMinute(10, 15), RateLimitItemPerHour(20)),
        per_address=(RateLimitItemPerMinute(20), RateLimitItemPerHour(100)),
    )


def look_up_attempts() -> Attempts:
    """Mobile networks put a whole district behind one address, and a code has 40 bits: be generous there."""
    return Attempts(per_subject=(RateLimitItemPerHour(10),), per_address=(RateLimitItemPerMinute(60, 10),))


def code_again_attempts() -> Attempts:
    """Each may cost somebody a message; a district may be behind one address here too."""
    return Attempts(per_subject=(RateLimitItemPerHour(5),), per_address=(RateLimitItemPerMinute(30, 10),))


def data_code_attempts() -> Attempts:
    """To have a code sent, and to try one; each code has its own few tries besides (`domain/data_rights.py`)."""
    return Attempts(per_subject=(RateLimitItemPerHour(20),), per_address=(RateLimitItemPerMinute(60, 10),))


def enrolment_attempts() -> Attempts:
    """A code is typed once for a kiosk, and is good for half an hour."""
    return Attempts(per_subject=(), per_address=(RateLimitItemPerMinute(10), RateLimitItemPerHour(40)))


def _key(subject: str) -> str:
    # Hashed, because people type passwords into the wrong field.
    return hashlib.sha256(subject.strip().lower().encode()).hexdigest()


def _network(address: str | None) -> str:
    """An IPv6 household has billions of addresses: its /64 counts as one."""
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else str(read)
