"""Message authentication codes (HMAC-SHA-256) of what is short."""

from __future__ import annotations

import hmac
from functools import lru_cache


def mac(key: bytes, content: bytes) -> bytes:
    """As `hmac.digest`, which lets go of the interpreter for each (CPython 3.11): beside a busy thread it gets it back
    up to 5 ms later, for a microsecond of work. This one keeps it.
    """
    started = _started(key).copy()
    started.update(content)
    return started.digest()


@lru_cache(maxsize=16)
def _started(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")
