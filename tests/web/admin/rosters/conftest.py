"""Days that the quota advice is asked about."""

from __future__ import annotations

from datetime import time

import pytest

from queue_app.domain.calendar import Share
from queue_app.domain.roles import Role
from queue_app.domain.rosters import Shift
from queue_app.models import OfficeService
from queue_app.services.rosters.shifts import add_shifts
from tests.harness.at_counters import open_counter
from tests.harness.factories import TESTER, give_places
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TOMORROW, World


@pytest.fixture
def busy(world: World) -> World:
    """Three windows of forty places at one counter, for which nobody is planned."""
    open_counter(world)
    give_places(world.session, 40, Share.PUBLIC)
    world.session.commit()
    return world


@pytest.fixture
def planned(world: World) -> World:
    """The same with somebody at the counter tomorrow, and a service whose time the office states."""
    counter, officer = open_counter(world), world.staff(Role.COUNTER)
    give_places(world.session, 40, Share.PUBLIC)
    world.session.get_one(OfficeService, world.offering.id).minutes = 15
    shift = Shift(counter.id, officer.id, TOMORROW, time(8), time(15))
    add_shifts(world.session, [shift], office_id=world.here.id, actor=TESTER, now=MONDAY_MORNING)
    world.session.commit()
    return world
