"""Two web nodes and two schedulers on PostgreSQL; in a rush the primary is struck down and a standby takes over."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from queue_app.config import Settings
from queue_app.db import db
from tests.concurrency.races import assert_sound, booked_of
from tests.conftest import unavailable
from tests.faults.endless import EndlessRush
from tests.faults.ledger import compare
from tests.faults.product import Product
from tests.harness import postgresql
from tests.harness.databases import PostgresqlDatabase
from tests.harness.ports import free_port
from tests.harness.standby import Standby, following

pytestmark = pytest.mark.postgresql

RECOVERY = 30  # seconds until bookings come in again, with nobody's hand
CLIENTS, HOURS, PLACES = 8, (8, 9, 10, 11), 2_000
AHEAD = "tests.faults.a_minute_ahead"


@pytest.fixture
def primary(tmp_path: Path, migrate: Callable[[str], None]) -> Iterator[PostgresqlDatabase]:
    home = tmp_path / "postgresql"
    home.mkdir()
    try:
        database = PostgresqlDatabase(home, "primary", os.getpid(), migrate)
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
def standby(primary: PostgresqlDatabase) -> Iterator[Standby]:
    with following(primary.socket) as standby:
        yield standby


@pytest.fixture
def database_url(primary: PostgresqlDatabase, standby: Standby) -> str:
    """Both servers; libpq takes whichever can be written to (operators.md, "Several nodes")."""
    query = {"host": (primary.socket, standby.socket), "target_session_attrs": "read-write"}
    return make_url(primary.url).set(query=query).render_as_string(hide_password=False)


@pytest.fixture
def second(settings: Settings, tmp_path: Path) -> Product:
    """Another node: a folder of its own with the same keys, and a port of its own."""
    instance = tmp_path / "second" / "instance"
    instance.mkdir(parents=True)
    shutil.copy(settings.keys_file, instance / "keys.json")
    port = free_port()
    return Product(replace(settings, instance=instance, port=port, public_url=f"http://127.0.0.1:{port}"))


def test_a_standby_takes_over_in_a_rush(
    opened: Callable[..., list[int]],
    trial: Any,
    wish: Any,
    primary: PostgresqlDatabase,
    standby: Standby,
    product: Product,
    second: Product,
) -> None:
    slots = opened(capacity=PLACES, hours=HOURS)
    rush, other_rush = EndlessRush(wish, slots), EndlessRush(wish, slots)
    with trial() as running, ExitStack() as nodes:
        other = nodes.enter_context(second.serving(AHEAD))
        others = running.crowd.at(other.address)
        schedulers = [
            nodes.enter_context(node.scheduling(program)) for node, program in ((product, "queue_app"), (second, AHEAD))
        ]
        with running.crowd.doing(rush.tasks(), CLIENTS), others.doing(other_rush.tasks(), CLIENTS):
            for each in (rush, other_rush):
                running.server.wait(lambda each=each: each.count(201) > 5 * CLIENTS)
            postgresql.stop_at_once(primary.socket)
            before = [rush.count(201), other_rush.count(201)]
            assert standby.promoted.wait(RECOVERY)
            for each, known in zip((rush, other_rush), before, strict=True):
                running.server.wait(lambda each=each, known=known: each.count(201) > known + CLIENTS, RECOVERY)
            rush.end()
            other_rush.end()
        assert [scheduler.poll() for scheduler in schedulers] == [None, None]
        with psycopg.connect(
            host=standby.socket, user="postgres", dbname=make_url(primary.url).database, autocommit=True
        ) as connection:
            now = connection.execute("SELECT now()").fetchone()
            worked = "SELECT count(*) FROM job_run WHERE name = 'send-outbox' AND started_at > %s"
            running.server.wait(lambda: connection.execute(worked, now).fetchone() == (1,), RECOVERY)
    _look_afresh(running.app)
    answers = rush.answers + other_rush.answers
    statuses = Counter(answer.status for answer in answers)
    assert statuses.keys() == {201, 503}, statuses
    not_foreseen = [answer for answer in answers + rush.views + other_rush.views if not answer.foreseen]
    assert not not_foreseen, not_foreseen[:5]
    account, stored = compare(running.app, running.crowd.folder)
    assert len(stored) == len(account.codes) == sum(booked_of(running.app, slot) for slot in slots)
    assert_sound(running.app)


def _look_afresh(app: Flask) -> None:
    """What is connected to the server that is gone is no use for looking."""
    with app.app_context():
        db.engine.dispose()


def test_without_waiting_for_the_standby_bookings_are_lost_and_noticed(
    opened: Callable[..., list[int]], trial: Any, wish: Any, primary: PostgresqlDatabase, standby: Standby
) -> None:
    """The control: the same comparison finds what an asynchronous standby never heard of."""
    rush = EndlessRush(wish, opened(capacity=PLACES, hours=HOURS))
    with trial() as running:
        standby.fall_behind()
        with running.crowd.doing(rush.tasks(), CLIENTS):
            running.server.wait(lambda: rush.count(201) > CLIENTS)
            postgresql.stop_at_once(primary.socket)
            assert standby.promoted.wait(RECOVERY)
            rush.end()
    _look_afresh(running.app)
    with pytest.raises(AssertionError, match="acknowledged bookings are not in the database"):
        compare(running.app, running.crowd.folder)
