"""The administrator of the first of two offices, who words what it says."""

import pytest

from queue_app.domain.roles import Role
from tests.harness.office import Visitor, World


@pytest.fixture
def administrator(visitor: Visitor, world: World) -> Visitor:
    return visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
