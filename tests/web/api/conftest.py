"""An office with places, and programs with keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.domain.api_keys import Scope
from queue_app.services.access import api_keys
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import World
from tests.web.api.program import Program


@pytest.fixture
def make_key(session: Session) -> Callable[..., str]:
    """``make_key("desa", Scope.BOOKINGS_WRITE, limit=3)``; without scopes: all of them."""

    def make(name: str = "desa", *scopes: Scope, limit: int | None = None) -> str:
        session.rollback()  # what was read before belongs to an older snapshot
        key = api_keys.create(
            session, name=name, scopes=scopes or tuple(Scope), limit_per_minute=limit, actor=TESTER, now=MONDAY_MORNING
        )
        session.commit()
        return key

    return make


@pytest.fixture
def program(client: FlaskClient, world: World, make_key: Callable[..., str]) -> Program:
    """With every scope and no limit."""
    return Program(client, make_key("bot"))


@pytest.fixture
def anybody(client: FlaskClient, world: World) -> Program:
    """Without a key."""
    return Program(client)
