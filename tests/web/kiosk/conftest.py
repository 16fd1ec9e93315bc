"""An enrolled kiosk in the hall of an office."""

import pytest
from flask.testing import FlaskClient

from queue_app.services.access import kiosks
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import World
from tests.web.kiosk.touch import Kiosk, new_kiosk


@pytest.fixture
def device_id(world: World, client: FlaskClient) -> int:
    device_id, code = new_kiosk(world)
    token = kiosks.enrol(world.session, "sragen", code, now=MONDAY_MORNING)
    world.session.commit()
    client.set_cookie(DEVICE_COOKIE, token, path="/kiosk")
    return device_id


@pytest.fixture
def kiosk(client: FlaskClient, device_id: int) -> Kiosk:
    assert device_id
    return Kiosk(client)
