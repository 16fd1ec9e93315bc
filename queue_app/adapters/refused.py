"""Refused attempts that this process has not written down yet, by slot and reason.

In memory, as all tallies (docs/decisions/0025-metrics.md), and taken out when they are stored: what is lost with a
process was not counted, so the sum is "at least" and never too much.
"""

from __future__ import annotations

import threading
from collections import Counter

MOST_KEYS = 20_000  # as many slots as are known to be refused; further ones are not counted


class RefusedAttempts:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[int, str]] = Counter()

    def count(self, slot_id: int, code: str) -> None:
        with self._lock:
            if (slot_id, code) in self._counts or len(self._counts) < MOST_KEYS:
                self._counts[slot_id, code] += 1

    def take(self) -> Counter[tuple[int, str]]:
        """All of them; from now on counting begins anew."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken

    def put_back(self, taken: Counter[tuple[int, str]]) -> None:
        """What could not be stored."""
        with self._lock:
            self._counts.update(taken)

    def __bool__(self) -> bool:
        return bool(self._counts)


refused = RefusedAttempts()
