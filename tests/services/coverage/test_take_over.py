"""A new table replaces the one before; the office's own recordings since are counted beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.coverage import InvalidCoverage
from queue_app.domain.figures.counting import Breakdown
from queue_app.models import AuditEntry, Coverage, DayCount, Office, OfficeService
from queue_app.queries.coverage.table import coverage_of, recorded_since
from queue_app.services.coverage.take_over import take_over
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.sragen import KECAMATAN, sragen_table

COUNTED_ON = date(2026, 10, 31)


def test_it_is_stored_as_a_whole_and_audited(
    session: Session, office: Office, clock: FixedClock, audited: Callable[[], list[AuditEntry]]
) -> None:
    who = {"actor": TESTER, "now": clock.now()}
    take_over(session, office.id, sragen_table(), **who)
    assert len(session.scalars(select(Coverage)).all()) == len(KECAMATAN)
    small = "kode,nama,wajib,terekam,tanggal\n33.14.10,Sragen,58200,57610,2026-11-01"
    take_over(session, office.id, small, **who)
    table = coverage_of(session, office.id)
    assert table is not None
    assert [(one.name, one.missing) for one in table.kecamatan] == [("Sragen", 590)]
    entry = audited()[-1]
    assert (entry.action, entry.before["districts"], entry.after["districts"]) == ("coverage.taken_over", 20, 1)


def test_a_wrong_line_leaves_the_old_table(session: Session, office: Office, clock: FixedClock) -> None:
    who = {"actor": TESTER, "now": clock.now()}
    take_over(session, office.id, sragen_table(), **who)
    with pytest.raises(InvalidCoverage):
        take_over(session, office.id, sragen_table() + "\n33.14.01,Kalijambe,1,1,2026-10-31", **who)
    assert len(session.scalars(select(Coverage)).all()) == len(KECAMATAN)


def test_recordings_since_are_counted(session: Session, office: Office, offering: OfficeService) -> None:
    offering.service.asks_recorded_before = True
    for more, word, people in ((0, "done", 1), (1, "done", 7), (2, "done", 4), (2, "failed_iris", 9)):
        own = {"office_id": office.id, "day": COUNTED_ON + timedelta(days=more), "service_id": offering.service_id}
        session.add(DayCount(**own, breakdown=Breakdown.OUTCOME, word=word, people=people, came=0, missed=0))
    session.flush()
    assert recorded_since(session, office.id, COUNTED_ON) == 11
