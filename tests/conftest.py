"""Fixtures for every test: an app on each database, a client, a session, a clock that stands still, a browser."""

import contextlib
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
import waitress.server
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session
from waitress import wasyncore

from queue_app import create_app
from queue_app.adapters.key_file import create_keyring, load_keyring
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.db import db
from queue_app.migrating import upgrade
from queue_app.models import OfficeService
from queue_app.services.access import passwords
from tests.harness import browsers
from tests.harness.beginnings import Beginnings
from tests.harness.collecting import pytest_collection_finish, pytest_collection_modifyitems
from tests.harness.databases import PostgresqlDatabase, SqliteTemplate, owner_of_the_run
from tests.harness.engines import Engines
from tests.harness.factories import begin_offering, slots_of
from tests.harness.fakes import MONITORING, THURSDAY, FixedClock
from tests.harness.forgetting import forget_at_once
from tests.harness.hall import Hall
from tests.harness.postgresql import ServerUnavailable
from tests.harness.reuse import Reuse, compile_routes_once, read_static_files_once

# Machines are shared and slow by turns: a time limit for single examples would only find the weather.
hypothesis.settings.register_profile("unhurried", deadline=None, print_blob=True)
hypothesis.settings.load_profile("unhurried")
compile_routes_once()
read_static_files_once()
__all__ = ["pytest_collection_finish", "pytest_collection_modifyitems"]  # pytest finds them here by their names


def unavailable(reason: str) -> None:
    """Skips the test, or fails it where everything must run (continuous integration sets the switch)."""
    if os.environ.get("QUEUE_APP_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (QUEUE_APP_TEST_REQUIRE_ALL=1 forbids to skip)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """Replaced by a cheap one: tests/services/access/test_staff.py sees its cost, all others would only wait."""
    with pytest.MonkeyPatch.context() as patch:
        real = passwords._hasher
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        passwords._decoy_hash.cache_clear()
        yield real


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for the whole run, shared by its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def migrate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """Runs all migrations on the empty database at a URL, as `queue-app init` does."""
    instance = tmp_path_factory.mktemp("migrating")

    def run(url: str) -> None:
        settings = Settings(instance=instance, database_url=url, testing=True)
        create_keyring(settings.keys_file)
        upgrade(app := create_app(settings))
        close(app)

    return run


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path, migrate: Callable[[str], None]) -> SqliteTemplate:
    return SqliteTemplate(run_folder, migrate)


@pytest.fixture(scope="session")
def postgresql_database(run_folder: Path, migrate: Callable[[str], None]) -> PostgresqlDatabase | str:
    """The worker's database, or the reason why there is none."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    try:
        return PostgresqlDatabase(run_folder, worker, owner_of_the_run(), migrate)
    except ServerUnavailable as problem:
        return f"PostgreSQL could not be started: {problem}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database; every test that uses it runs once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_template").copy(tmp_path / "queue.db")
        return
    database = request.getfixturevalue("postgresql_database")
    if isinstance(database, str):
        unavailable(database)
    database.empty()
    if request.node.get_closest_marker("durable"):
        with database.durable():
            yield database.url
    else:
        yield database.url


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A free port, kept from others until `live_server` listens on it: links in messages name it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture(scope="session")
def keys_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: a key file waits for the disk, which makes one for each test take longer than many a test."""
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    create_keyring(file)
    return file


@pytest.fixture
def settings(database_url: str, tmp_path: Path, listener: socket.socket, keys_file: Path) -> Settings:
    port = listener.getsockname()[1]
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=database_url,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        run_scheduler=False,
        metrics_token=MONITORING,
        backup=False,
        testing=True,
    )
    settings.instance.mkdir(mode=0o700)
    shutil.copy(keys_file, settings.keys_file)
    return settings


@pytest.fixture
def keyring(settings: Settings) -> FileKeyring:
    return load_keyring(settings.keys_file)


@pytest.fixture
def clock() -> FixedClock:
    """Monday 23 November 2026, 09.00 in Sragen, until the test moves it."""
    return FixedClock()


@pytest.fixture(scope="session")
def reuse(run_folder: Path) -> Reuse:
    return Reuse(run_folder / "templates")


@pytest.fixture
def app(settings: Settings, clock: FixedClock, reuse: Reuse) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    reuse.prepare(app)
    forget_at_once(app)
    yield app
    close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture(scope="session")
def beginnings() -> Beginnings:
    return Beginnings()


@pytest.fixture
def session(request: pytest.FixtureRequest, database_url: str, engines: Engines) -> Iterator[Session]:
    """A session beside those of requests: what it has not committed no request sees, and the other way round.

    On an engine like the app's: most tests of services and queries need no app, and making one takes longer than they.
    """
    with engines.session(database_url, beside_pages="live_server" in request.fixturenames) as session:
        yield session


@pytest.fixture
def offering(
    request: pytest.FixtureRequest, session: Session, clock: FixedClock, beginnings: Beginnings
) -> OfficeService:
    """Two places at 08.00 and 09.00 of each working day; others by ``pytest.mark.offering(capacity=4)``."""
    marker = request.node.get_closest_marker("offering")
    return begin_offering(session, beginnings, now=clock.now(), **(marker.kwargs if marker else {}))


@pytest.fixture
def hall(session: Session, offering: OfficeService, clock: FixedClock) -> Hall:
    """Thursday, eight o'clock: two counters are open and nobody has come yet."""
    return Hall(session, clock, offering, slots_of(session, offering, THURSDAY))


@pytest.fixture
def live_server(app: Flask, listener: socket.socket) -> Iterator[str]:
    """The app on a real port; gives its address without a slash at the end."""
    channels: dict[int, wasyncore.dispatcher] = {}
    server = waitress.server.create_server(app, sockets=[listener], map=channels, threads=4)
    thread = threading.Thread(target=server.run, name="live-server")
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    # Closed by its own loop, which ends when no channel is left; closing from here would pull sockets from under it.
    with contextlib.suppress(OSError):  # the loop came first, and has closed what would wake it
        server.trigger.pull_trigger(lambda: wasyncore.close_all(channels, ignore_all=True))
    thread.join(timeout=10)
    server.task_dispatcher.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one per worker; open a context of your own for each visitor."""
    executable = browsers.find_chromium()
    if executable is None:
        unavailable(browsers.MISSING)
    with browsers.chromium(executable) as browser:
        yield browser


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
