"""Sragen with its offices and nobody in it, on SQLite: a browser takes seconds, and pages look the same on both."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.demo import sragen
from queue_app.models import Booking
from tests.harness.databases import SqliteTemplate, locked
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.journeys.issued import Issued, OpenBrowser
from tests.journeys.morning import Morning
from tests.journeys.officer import booked, hours_of
from tests.journeys.visitor import Visitor

TUESDAY = date(2026, 11, 24)
HALF_PAST_NINE = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def load(url: str) -> None:
    engine = create_engine(url)
    with Session(engine) as session:
        sragen.load_offices(session, now=MONDAY_MORNING)
        session.commit()
    engine.dispose()


@pytest.fixture(scope="session")
def sragen_file(run_folder: Path, sqlite_template: SqliteTemplate) -> Path:
    """Loaded once per run: it takes as long as a journey."""
    file = run_folder / "sragen.sqlite"
    with locked(run_folder / "sragen.lock"):
        if not file.exists():
            unfinished = run_folder / "unfinished-sragen.sqlite"
            load(sqlite_template.copy(unfinished))
            unfinished.rename(file)
    return file


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Others say so by ``parametrize("database_url", [...], indirect=True)``: "postgresql", or an "empty" SQLite."""
    if request.param == "empty":
        return str(request.getfixturevalue("sqlite_template").copy(tmp_path / "queue.db"))
    if request.param == "sqlite":
        copy = tmp_path / "queue.db"
        copy.write_bytes(request.getfixturevalue("sragen_file").read_bytes())
        return f"sqlite:///{copy}"
    database = request.getfixturevalue("postgresql_database")
    if isinstance(database, str):
        pytest.skip(database)  # the same reason makes every other test on PostgreSQL fail where nothing may be skipped
    database.empty()
    load(database.url)
    return str(database.url)


@pytest.fixture
def morning(session: Session, keyring: FileKeyring, clock: FixedClock) -> Callable[..., Booking]:
    """Tuesday, half past nine; each call books one place of that day's hour of a number."""
    clock.set(HALF_PAST_NINE)
    return lambda hour=1: booked(session, hours_of(session, TUESDAY)[hour], keyring)


@pytest.fixture
def visitor(browser: Browser, live_server: str, keyring: FileKeyring) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser of its own for somebody: ``visitor(width=360, language="en", scripts=False)``.

    A test that reroutes requests or waits for one of them adds ``service_workers="block"``: of a page that a service
    worker controls, Playwright 1.65 sometimes neither sees nor reroutes a request (4 of 90 scans on a busy machine).
    """
    contexts = []

    def open_browser(
        *, width: int = 360, language: str = "id", scripts: bool = True, axe: bool = True, **options: object
    ) -> Visitor:
        size = ViewportSize(width=width, height=800)
        context = browser.new_context(viewport=size, java_script_enabled=scripts, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page, how = context.new_page(), {"language": language, "scripts": scripts, "axe": axe}
        return Visitor(page, live_server, **how, keyring=keyring)  # type: ignore[arg-type]

    yield open_browser
    for context in contexts:
        context.close()


@pytest.fixture
def issued(session: Session, keyring: FileKeyring, visitor: OpenBrowser) -> Issued:
    return Issued(session, keyring, visitor)


@pytest.fixture
def citizen(issued: Issued) -> Visitor:
    return issued.open()


@pytest.fixture
def hall_of_today(session: Session, keyring: FileKeyring, clock: FixedClock) -> Morning:
    return Morning(session, keyring, clock)
