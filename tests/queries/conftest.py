"""Queries need a database, and no app."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.harness.engines import Engines


@pytest.fixture(scope="session")
def engines() -> Engines:
    return Engines()


@pytest.fixture
def session(database_url: str, engines: Engines) -> Iterator[Session]:
    """On an engine like the app's. There is no app: services need none, and making one takes longer than most tests."""
    with Session(engines.at(database_url)) as session:
        yield session
