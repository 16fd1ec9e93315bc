"""A day of the office to change."""

import pytest
from sqlalchemy.orm import Session

from queue_app.models import ServiceDay
from tests.services.conftest import Slots


@pytest.fixture
def day(session: Session, slots: Slots) -> ServiceDay:
    """Thursday."""
    return session.get_one(ServiceDay, slots()[0].service_day_id)
