"""Two offices, and visitors that are logged in."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from tests.at_counters import Officer, officer_at, open_counter
from tests.office import Visitor, World, make_world


@pytest.fixture
def world(session: Session, keyring: FileKeyring) -> World:
    return make_world(session, keyring)


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def desk(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.DESK))


@pytest.fixture
def administrator(visitor: Visitor, world: World) -> Visitor:
    """Of both offices."""
    return visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))


@pytest.fixture
def officer(world: World, visitor: Visitor) -> Officer:
    """At counter 1."""
    return officer_at(world, visitor, open_counter(world))
