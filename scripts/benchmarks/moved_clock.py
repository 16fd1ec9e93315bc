"""`queue-app` under a clock that somebody else moves: a month of an office in half an hour.

All processes read the same eight bytes, so none of them is ahead of another. What counts how long something takes
(monotonic time, sleeping) goes on as always; the machine's steady count moves along, for the time has really passed.
"""

from __future__ import annotations

import mmap
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "SOAK_CLOCK"  # the variable that names the file
SECOND = 1_000_000_000


class MovedClock:
    """The harness's side: ``set`` moves every process at once."""

    def __init__(self, file: Path, start: datetime) -> None:
        self.file = file
        file.write_bytes(bytes(8))
        self._shared = _shared(file)
        self.set(start)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(microseconds=_ahead(self._shared) / 1000)

    def set(self, to: datetime) -> None:
        """Later than the present only: jobs and sessions would have to bear a clock that is set back."""
        ahead = int((to - datetime.now(UTC)).total_seconds()) * SECOND
        self._shared[:8] = max(ahead, _ahead(self._shared)).to_bytes(8, "little")

    @property
    def environment(self) -> dict[str, str]:
        return {FILE: str(self.file)}


def _shared(file: Path) -> mmap.mmap:
    with file.open("r+b") as opened:
        return mmap.mmap(opened.fileno(), 8)


def _ahead(shared: mmap.mmap) -> int:
    """Nanoseconds."""
    return int.from_bytes(shared[:8], "little")


def main() -> None:
    import _time_machine
    import time_machine

    from queue_app.cli import main as command
    from queue_app.domain.clock import SystemClock

    shared = _shared(Path(os.environ.pop(FILE)))
    traveller = time_machine.travel(0).start()
    traveller.time_ns = lambda: _time_machine.original_time_ns() + _ahead(shared)  # type: ignore[method-assign]
    steady = SystemClock.steady
    SystemClock.steady = lambda clock: steady(clock) + _ahead(shared) / SECOND  # type: ignore[method-assign]
    # A database server of the run has nobody who moves its clock.
    SystemClock.agrees_with = lambda *_: True  # type: ignore[method-assign]
    sys.argv[0] = "queue-app"
    command()


if __name__ == "__main__":
    main()
