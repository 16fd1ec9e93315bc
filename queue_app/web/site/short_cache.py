"""Values that a process may remember for a few seconds instead of asking the database again."""

from __future__ import annotations

from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class ShortCache(Generic[Key, Value]):
    """Values with the instant they were read at. Holds at most ``size``: beyond that it starts afresh.

    ``life`` and ``now`` are in seconds, of whichever clock the owner reads. Threads may use it at the same time: each
    step is one operation on a dict, and losing one only costs a query.
    """

    def __init__(self, life: float, size: int) -> None:
        self._life, self._size = life, size
        self._values: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key, now: float) -> Value | None:
        """None when it is not known, or was read too long ago (or, after the clock was set back, later than now)."""
        found = self._values.get(key)
        if found is None or not found[0] <= now < found[0] + self._life:
            return None
        return found[1]

    def put(self, key: Key, value: Value, now: float) -> Value:
        if len(self._values) >= self._size and key not in self._values:
            self._values = {}
        self._values[key] = (now, value)
        return value

    def clear(self) -> None:
        self._values = {}
