"""An installation of a released version, on either kind of database, with its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from queue_app import create_app
from queue_app.config import Settings
from tests.conftest import close
from tests.harness.backups import Installation, empty_place
from tests.harness.fakes import FixedClock
from tests.upgrades.stored import VERSIONS, Rows, Stored, rows_in

NOON = datetime(2026, 11, 26, 5, tzinfo=UTC)  # when all that is stored was left, in Sragen


@pytest.fixture(params=VERSIONS)
def stored(request: pytest.FixtureRequest) -> Stored:
    return Stored(request.param)


@pytest.fixture
def released(stored: Stored, settings: Settings, tmp_path: Path) -> Iterator[Installation]:
    """As the released version was stopped: its database, and its keys."""
    stored.put_keys(settings.keys_file)
    with empty_place(settings, tmp_path) as place:
        stored.load(place.url)
        yield place


@pytest.fixture
def before(released: Installation) -> Rows:
    """What the released version had stored."""
    return rows_in(released.url)


@pytest.fixture
def app_on(settings: Settings) -> Iterator[Callable[[Installation], Flask]]:
    """The present program on an installation, on the Thursday at noon."""
    with ExitStack() as at_the_end:

        def opened(place: Installation) -> Flask:
            changed = replace(settings, instance=place.instance, database_url=place.url)
            app = create_app(changed, clock=FixedClock(NOON))
            at_the_end.callback(close, app)
            return app

        yield opened
