"""Stand-ins for what a test must hold in its hand: the clock."""

from datetime import UTC, date, datetime, timedelta

# Monday 09.00 in Sragen (WIB): an ordinary open day, with a full working week after it.
MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
THURSDAY = date(2026, 11, 26)
MONITORING = "monitoring-of-the-tests"  # the token for /metrics
FRIDAY = date(2026, 11, 27)


class FixedClock:
    """A clock that stands still until the test moves it; `now()` is an aware UTC datetime."""

    boot = "the machine of the test"

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        self._now, self._steady, self.database_agrees = now, 0.0, True
        self.synchronised = False
        self.set(now)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> datetime:
        """Moves to `now`, backwards too. Raises ValueError for a datetime without a zone."""
        if now.utcoffset() is None:
            raise ValueError("the clock needs an aware datetime")
        self._steady += (now - self._now).total_seconds()
        self._now = now.astimezone(UTC)
        return self._now

    def jump(self, **duration: float) -> datetime:
        """Somebody sets the clock: it tells another time, and none has passed."""
        self._now += timedelta(**duration)
        return self._now

    def switch_off(self, **duration: float) -> datetime:
        """The machine is off for so long, and counts from nought again."""
        self._now, self._steady, self.boot = self._now + timedelta(**duration), 0.0, self.boot + "'"
        return self._now

    def steady(self) -> float:
        return self._steady

    def agrees_with(self, database_time: datetime) -> bool:
        return self.database_agrees

    def is_synchronised(self) -> bool:
        return self.synchronised

    def advance(self, **duration: float) -> datetime:
        """Moves on by the keywords of `timedelta`: `advance(days=1, minutes=5)`."""
        return self.set(self._now + timedelta(**duration))
