"""Somebody who books at the office that is there."""

import pytest
from flask.testing import FlaskClient

from queue_app.models import OfficeService
from tests.web.citizen import Citizen


@pytest.fixture
def citizen(client: FlaskClient, offering: OfficeService) -> Citizen:
    return Citizen(client)
