"""Staff with passwords, with and without a second factor."""

import pytest

from queue_app.domain.roles import Role
from queue_app.models import Staff
from tests.harness.factories import make_staff
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import World


@pytest.fixture
def boss(world: World) -> Staff:
    """The administrator of one office, enrolled."""
    who = {"username": "kepala", "keyring": world.keyring}
    staff = make_staff(world.session, world.here, Role.ADMINISTRATOR, now=MONDAY_MORNING, **who)
    world.session.commit()
    return staff


@pytest.fixture
def newcomer(world: World) -> Staff:
    """An auditor who has not enrolled yet."""
    staff = make_staff(world.session, world.here, Role.AUDITOR, now=MONDAY_MORNING, username="rina")
    world.session.commit()
    return staff
