"""A product that really serves, with an office open for bookings, and a crowd at its door."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from queue_app.adapters.key_file import create_keyring
from queue_app.config import Settings
from queue_app.db import db, unit_of_work
from queue_app.domain.api_keys import Scope
from queue_app.domain.clock import SystemClock, office_date
from queue_app.services.access import api_keys
from tests.faults.clients import Crowd, Wish
from tests.faults.product import Product, Server
from tests.faults.small_disk import mounted
from tests.harness import factories
from tests.harness.ports import free_port

# At full length these tests take minutes; what runs each time is a shorter form of the same.
LONG = os.environ.get("QUEUE_APP_TEST_LONG") == "1"
LANE, BESIDE = "queue_app", "tests.faults.beside"  # the programs: plain claims through the lane, or past it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # "durable" also keeps them from running at the same time: each of them wants the whole machine.
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.durable)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path | None]:
    """A small disk of its own; None where this account may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with mounted(folder) as done:
        yield folder if done else None


@dataclass(frozen=True)
class Trial:
    """A running product, a crowd that may use its API, and the app of an observer on the same database."""

    app: Flask
    server: Server
    crowd: Crowd


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """In the place of the common one: the server, and not the test, listens on the port."""
    port = free_port()
    settings = Settings(
        instance=tmp_path / "instance",
        database_url=database_url,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        run_scheduler=False,
        testing=True,
    )
    create_keyring(settings.keys_file)
    return settings


@pytest.fixture
def clock() -> SystemClock:
    """The clock of the server's processes."""
    return SystemClock()


@pytest.fixture
def opened(app: Flask, clock: SystemClock) -> Callable[..., list[int]]:
    """Opens an office: ``opened(capacity=50, hours=(8, 9))`` gives the ids of the slots of one day."""

    def open_office(capacity: int, hours: tuple[int, ...] = (8,)) -> list[int]:
        with app.app_context(), unit_of_work() as session:
            office = factories.make_office(session)
            rules = {"weekdays": tuple(range(7)), "opens_days_before": 6}
            offering = factories.make_offering(
                session, office, now=clock.now(), capacity=capacity, hours=hours, **rules
            )
            # Neither its opening hour nor its cut-off is near, whatever the time of the test.
            day = office_date(clock.now(), office.time_zone) + timedelta(days=4)
            return [slot.id for slot in factories.slots_of(session, offering, day)]

    return open_office


@pytest.fixture
def product(settings: Settings) -> Product:
    return Product(settings)


@pytest.fixture(params=[LANE, BESIDE] if LONG else [LANE], ids=lambda program: program.rpartition(".")[2])
def way(request: pytest.FixtureRequest) -> str:
    """The program that serves. Each time only a rush goes past the lane as well (`test_rush.py`)."""
    return str(request.param)


@pytest.fixture
def trial(
    app: Flask, clock: SystemClock, product: Product, tmp_path: Path, way: str
) -> Callable[..., AbstractContextManager[Trial]]:
    """``with trial() as running``: the product serves while the block runs."""

    @contextmanager
    def running(program: str = way) -> Iterator[Trial]:
        scopes = [scope.value for scope in Scope]
        with app.app_context(), unit_of_work() as session:
            api_key = api_keys.create(
                session, name="kios", scopes=scopes, limit_per_minute=None, actor=factories.TESTER, now=clock.now()
            )
        with product.serving(program) as server:
            yield Trial(app, server, Crowd(server.address, api_key, tmp_path / "ledgers"))

    return running


@pytest.fixture
def wish() -> Callable[..., Wish]:
    """``wish(slot_id)``: of somebody new, under a new key."""
    people = itertools.count(1)

    def make(slot_id: int, *, person: int | None = None, key: str | None = None) -> Wish:
        return Wish(slot_id, next(people) if person is None else person, key or str(uuid.uuid4()))

    return make


@pytest.fixture(autouse=True)
def _no_connection_is_kept(app: Flask) -> Iterator[None]:
    yield
    with app.app_context():
        db.session.remove()
