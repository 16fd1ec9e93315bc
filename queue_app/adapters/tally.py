"""Tallies: of this process, and of all workers together.

Every process counts for itself, in memory. Now and then a worker writes all of it into a place that the workers share,
so that whichever is asked for `/metrics` can answer for all (docs/decisions/0025-metrics.md).
"""

from __future__ import annotations

import json
import logging
import mmap
import threading
import zlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct
from typing import Any

from queue_app.domain.clock import SystemClock

from .measures import BUCKETS

TALLIES = "tallies"  # in `app.extensions`, as is
Series = tuple[str, ...]  # the name of a measure and the values of its labels
HALF = 128 * 1024  # bytes of one snapshot; the product with every route, each in five statuses, needs half
HEADER = Struct("<QII")  # turn, length, checksum

log = logging.getLogger(__name__)


class Tally:
    """``counts``: how often; ``waits``: for each bucket how many fell into it, then those above all, then the sum."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.counts: dict[Series, int] = {}
        self.waits: dict[Series, list[float]] = {}

    def count(self, *series: str) -> None:
        with self._lock:
            self.counts[series] = self.counts.get(series, 0) + 1

    def observe(self, seconds: float, *series: str) -> None:
        with self._lock:
            wait = self.waits.get(series)
            if wait is None:
                wait = self.waits[series] = [0] * (len(BUCKETS) + 2)
            wait[bisect_left(BUCKETS, seconds)] += 1
            wait[-1] += seconds

    def clear(self) -> None:
        with self._lock:
            self.counts, self.waits = {}, {}

    def add(self, counts: Iterable[tuple[Iterable[str], int]], waits: Iterable[tuple[Iterable[str], Any]]) -> None:
        """Take over what another one has counted."""
        with self._lock:
            for series, number in counts:
                self.counts[tuple(series)] = self.counts.get(tuple(series), 0) + number
            for series, wait in waits:
                known = self.waits.get(tuple(series)) or [0] * len(wait)
                self.waits[tuple(series)] = [mine + theirs for mine, theirs in zip(known, wait, strict=True)]

    def copy(self) -> tuple[list[tuple[Series, int]], list[tuple[Series, list[float]]]]:
        with self._lock:
            return list(self.counts.items()), [(series, wait[:]) for series, wait in self.waits.items()]


own = Tally()
count, observe = own.count, own.observe


@dataclass(frozen=True)
class Together:
    """What all workers have counted, and when each of them began (by the wall clock, in seconds)."""

    tally: Tally
    began: dict[str, float]


class Tallies:
    """One place for each worker, in memory that lives as long as the master.

    A place has two halves, written in turns with a checksum: when a worker is killed in the middle of one, the other
    still holds what stood there a moment before. Whoever takes the place of a dead worker counts on from there, so no
    counter ever goes back.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._memory = mmap.mmap(-1, places * 2 * HALF)
        self._writing = threading.Lock()
        self._place, self._turn, self._too_long = 0, 0, False
        self._began = self._master_began = SystemClock().now().timestamp()

    def take(self, place: int) -> None:
        """In a worker that has just been forked: from now on this place is its own."""
        self._place, self._began = place, SystemClock().now().timestamp()
        own.clear()
        if (left := self._read(place)) is not None:
            self._turn, told = left
            own.add(told["counts"], told["waits"])

    def publish(self) -> None:
        """Write down what this process has counted so far."""
        counts, waits = own.copy()
        told = json.dumps({"began": self._began, "counts": counts, "waits": waits}).encode()
        if len(told) > HALF - HEADER.size:  # nobody shall go unserved for that
            if not self._too_long:
                log.error("%d series are more than /metrics can tell: a label has too many values", len(counts))
            self._too_long = True
            return
        with self._writing:
            self._turn += 1
            start = self._start(self._place, self._turn)
            self._memory[start + HEADER.size : start + HEADER.size + len(told)] = told
            header = HEADER.pack(self._turn, len(told), _checksum(self._turn, told))
            self._memory[start : start + HEADER.size] = header

    def together(self) -> Together:
        """Of all workers: this one as it is now, the others as of a second ago."""
        self.publish()
        tally, began = Tally(), {"master": self._master_began}
        for place in range(self._places):
            if (left := self._read(place)) is not None:
                _, told = left
                tally.add(told["counts"], told["waits"])
                began[f"worker-{place + 1}"] = told["began"]
        return Together(tally, began)

    def _start(self, place: int, turn: int) -> int:
        return (2 * place + turn % 2) * HALF

    def _read(self, place: int) -> tuple[int, dict[str, Any]] | None:
        """The newest whole snapshot in a place with its turn; None while there is none."""
        whole = []
        for half in (0, 1):
            start = self._start(place, half)
            turn, length, checksum = HEADER.unpack(self._memory[start : start + HEADER.size])
            told = self._memory[start + HEADER.size : start + HEADER.size + min(length, HALF)]
            if turn and checksum == _checksum(turn, told):
                whole.append((turn, told))
        if not whole:
            return None
        turn, told = max(whole)
        return turn, json.loads(told)


def _checksum(turn: int, told: bytes) -> int:
    return zlib.crc32(told, turn & 0xFFFFFFFF)
