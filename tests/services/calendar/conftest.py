"""A day of the office to change, and who changes holidays."""

import pytest
from sqlalchemy.orm import Session

from queue_app.models import ServiceDay
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.services.conftest import Slots


@pytest.fixture
def day(session: Session, slots: Slots) -> ServiceDay:
    """Thursday."""
    return session.get_one(ServiceDay, slots()[0].service_day_id)


@pytest.fixture
def by(clock: FixedClock) -> dict[str, object]:
    return {"reason": "SKB 2026", "actor": TESTER, "now": clock.now(), "today": clock.now().date()}
