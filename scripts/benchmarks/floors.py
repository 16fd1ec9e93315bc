"""The floor under every booking: what the database alone gives, one durable claim after the other, without a product.

PostgreSQL: one statement that takes the place and stores the booking, over psycopg, a transaction each. SQLite: the
same two statements in one transaction; a single writer, because there can only be one.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import psycopg
from sqlalchemy import make_url

from scripts.benchmarks.databases import driver_url

PROCESSES = 2  # one process of threads would measure Python's lock
TABLES = (
    "DROP TABLE IF EXISTS floor_booking",
    "DROP TABLE IF EXISTS floor_slot",
    "CREATE TABLE floor_slot (id integer PRIMARY KEY, capacity integer NOT NULL, booked integer NOT NULL)",
    "CREATE TABLE floor_booking ({id} PRIMARY KEY, slot_id integer NOT NULL, number integer NOT NULL,"
    " code text NOT NULL UNIQUE)",
)
CLAIM = (
    "WITH taken AS (UPDATE floor_slot SET booked = booked + 1 WHERE id = %s AND booked < capacity"
    " RETURNING id, booked) INSERT INTO floor_booking (slot_id, number, code) SELECT id, booked, %s FROM taken"
    " RETURNING number"
)


@dataclass(frozen=True)
class Floor:
    """So many connections claim in ``slots`` rows for ``seconds``, from ``begin`` on the monotonic clock."""

    url: str
    slots: int
    connections: int
    begin: float
    seconds: float


def prepare(url: str) -> None:
    """The tables, with 64 rows of endless capacity."""
    sqlite = _is_sqlite(url)
    key = "id integer" if sqlite else "id bigint GENERATED ALWAYS AS IDENTITY"
    connection = _sqlite(url) if sqlite else psycopg.connect(driver_url(url), autocommit=True)
    for statement in TABLES:
        connection.execute(statement.format(id=key))
    rows = ", ".join(f"({number}, 1000000000, 0)" for number in range(1, 65))
    connection.execute(f"INSERT INTO floor_slot (id, capacity, booked) VALUES {rows}")
    connection.close()


def remove(url: str) -> None:
    connection = _sqlite(url) if _is_sqlite(url) else psycopg.connect(driver_url(url), autocommit=True)
    for statement in TABLES[:2]:
        connection.execute(statement)
    connection.close()


class FloorClaims:
    """Processes that claim; the rate is what they manage together."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
        for _ in self._pool.map(time.sleep, [0.2] * PROCESSES):  # all started before anything is timed
            pass
        prepare(url)

    def close(self) -> None:
        self._pool.shutdown()
        remove(self._url)

    def rate(self, *, slots: int, connections: int, seconds: float) -> float:
        """Claims a second. On SQLite one connection does it all, whatever is asked for."""
        begin = time.monotonic() + 0.5  # by then everybody is connected
        processes = 1 if _is_sqlite(self._url) else PROCESSES
        share = Floor(self._url, slots, max(connections // processes, 1), begin, seconds)
        return sum(self._pool.map(claim, [share] * processes))


def claim(floor: Floor) -> float:
    """The claims a second of all threads of this process."""
    if _is_sqlite(floor.url):
        return _claim_sqlite(floor)
    done: list[float] = []
    threads = [
        threading.Thread(target=_claim_postgresql, args=(floor, number, done)) for number in range(floor.connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def _claim_postgresql(floor: Floor, number: int, done: list[float]) -> None:
    choose = random.Random(number)
    with psycopg.connect(driver_url(floor.url), autocommit=True, prepare_threshold=1) as connection:
        cursor = connection.cursor()

        def once(slot_id: int, code: str) -> None:
            cursor.execute(CLAIM, (slot_id, code)).fetchone()

        done.append(_repeat(floor, choose, once))


def _claim_sqlite(floor: Floor) -> float:
    connection = _sqlite(floor.url)

    def once(slot_id: int, code: str) -> None:
        connection.execute("BEGIN IMMEDIATE")
        number = connection.execute(
            "UPDATE floor_slot SET booked = booked + 1 WHERE id = ? AND booked < capacity RETURNING booked", (slot_id,)
        ).fetchone()[0]
        connection.execute(
            "INSERT INTO floor_booking (slot_id, number, code) VALUES (?, ?, ?)", (slot_id, number, code)
        )
        connection.execute("COMMIT")

    try:
        return _repeat(floor, random.Random(0), once)
    finally:
        connection.close()


def _repeat(floor: Floor, choose: random.Random, once: Callable[[int, str], None]) -> float:
    unique = random.SystemRandom()
    time.sleep(max(floor.begin - time.monotonic(), 0))
    begun, claims = time.monotonic(), 0
    while (elapsed := time.monotonic() - begun) < floor.seconds:
        once(choose.randint(1, floor.slots), f"{unique.getrandbits(64):016x}")
        claims += 1
    return claims / elapsed


def _sqlite(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(make_url(url).database or "", isolation_level=None, timeout=10)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")
