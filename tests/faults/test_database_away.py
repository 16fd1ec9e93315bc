"""PostgreSQL is cut off in a rush and comes back: meanwhile all hear "later", and nothing has to be restarted."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.concurrency.races import assert_sound, booked_of
from tests.conftest import unavailable
from tests.faults.conftest import LONG
from tests.faults.endless import EndlessRush
from tests.faults.ledger import compare
from tests.harness import postgresql
from tests.harness.databases import PostgresqlDatabase
from tests.harness.scraping import of, scraped

pytestmark = pytest.mark.postgresql

OUTAGES = 5 if LONG else 2
AWAY = 1.5  # seconds
RECOVERY = 10  # seconds until bookings come in again
CLIENTS, HOURS, PLACES = 16, (8, 9, 10, 11), 2_000
PAGES = ("/", "/api/v1/availability?office=sragen&service=KTP_REKAM")


@pytest.fixture
def database(tmp_path: Path, migrate: Callable[[str], None]) -> Iterator[PostgresqlDatabase]:
    """On a server of its own, which writes to disk and may be struck."""
    home = tmp_path / "postgresql"
    home.mkdir()
    try:
        database = PostgresqlDatabase(home, "struck", os.getpid(), migrate)
    except postgresql.ServerUnavailable as problem:
        unavailable(f"PostgreSQL could not be started: {problem}")
    try:
        with psycopg.connect(host=database.socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            for option in ("fsync", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {option} = on")
            connection.execute("SELECT pg_reload_conf()")
        yield database
    finally:
        postgresql.end(database.socket)


@pytest.fixture
def database_url(database: PostgresqlDatabase) -> str:
    return database.url


def test_database_cut_off_in_a_rush(
    opened: Callable[..., list[int]], trial: Any, wish: Any, database: PostgresqlDatabase
) -> None:
    slots = opened(capacity=PLACES, hours=HOURS)
    rush = EndlessRush(wish, slots, PAGES)
    with trial() as running:
        workers = running.server.workers()
        with running.crowd.doing(rush.tasks(), CLIENTS):
            for _ in range(OUTAGES):
                before = rush.count(201)
                running.server.wait(lambda before=before: rush.count(201) > before + CLIENTS)
                postgresql.stop_at_once(database.socket)
                time.sleep(AWAY)
                postgresql.start_again(database.socket)
                back = rush.count(201)
                assert running.server.wait(lambda back=back: rush.count(201) > back + CLIENTS) < RECOVERY
            rush.end()
        assert running.server.workers() == workers, "a worker was restarted"
    statuses = Counter(answer.status for answer in rush.answers)
    assert statuses.keys() == {201, 503}, statuses
    assert statuses[503] >= OUTAGES * CLIENTS, "hardly an outage"
    assert {view.status for view in rush.views} <= {200, 503}
    not_foreseen = [answer for answer in rush.answers + rush.views if not answer.foreseen]
    assert not not_foreseen, not_foreseen[:5]
    account, stored = compare(running.app, running.crowd.folder)
    assert len(stored) == len(account.codes) == sum(booked_of(running.app, slot) for slot in slots)
    assert_sound(running.app)


def test_who_watches_is_answered_all_the_while(
    opened: Callable[..., list[int]], trial: Any, wish: Any, database: PostgresqlDatabase
) -> None:
    """And hears that the database is away, with everything that needs none."""
    slots = opened(capacity=PLACES, hours=HOURS)
    rush = EndlessRush(wish, slots, PAGES)
    with trial() as running:
        address = running.server.address
        with running.crowd.doing(rush.tasks(), CLIENTS):
            running.server.wait(lambda: rush.count(201) > CLIENTS)
            there = scraped(address)
            assert of(there, "queue_app_database_up") == 1
            assert ("queue_app_messages", frozenset({("state", "failed")})) in there
            postgresql.stop_at_once(database.socket)
            away = scraped(address)
            assert ("queue_app_database_up", frozenset()) in away
            assert of(away, "queue_app_database_up") == 0
            assert not [name for name, _ in away if name in {"queue_app_messages", "queue_app_scheduler_lease_held"}]
            won = {"audience": "api", "outcome": "won"}
            assert of(away, "queue_app_claims_total", **won) >= of(there, "queue_app_claims_total", **won) > 0
            postgresql.start_again(database.socket)
            running.server.wait(lambda: of(scraped(address), "queue_app_database_up") == 1)
            rush.end()
        booked = rush.count(201)
        running.server.wait(lambda: of(scraped(address), "queue_app_claims_total", **won) >= booked)
