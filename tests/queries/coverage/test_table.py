"""An office without a table has none, and not that of another one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from queue_app.queries.coverage.table import coverage_of
from queue_app.services.coverage.take_over import take_over
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import FixedClock
from tests.harness.sragen import sragen_table


def test_each_office_has_its_own(session: Session, clock: FixedClock) -> None:
    office, other = make_office(session), make_office(session, "gemolong")
    assert coverage_of(session, office.id) is None
    take_over(session, office.id, sragen_table(), actor=TESTER, now=clock.now())
    assert coverage_of(session, office.id) is not None
    assert coverage_of(session, other.id) is None
