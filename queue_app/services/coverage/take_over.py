"""Take over a table of coverage: it replaces the one before, as a whole."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.coverage import CoverageTable, read_coverage
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import Coverage, Office
from queue_app.queries.coverage.table import coverage_of
from queue_app.services.records import audit


def take_over(session: Session, office_id: int, typed: str, *, actor: Actor, now: datetime) -> CoverageTable:
    """Raises InvalidCoverage, NotFound. Two who take one over at once go one after the other."""
    office = session.get(Office, office_id, with_for_update={"key_share": True})
    if office is None:
        raise NotFound()
    table = read_coverage(typed, region_code=office.region_code, today=office_date(now, office.time_zone))
    before = coverage_of(session, office_id)
    session.execute(
        delete(Coverage).where(Coverage.office_id == office_id).execution_options(synchronize_session=False)
    )
    rows = [{"office_id": office_id, "counted_on": table.counted_on} | vars(one) for one in table.kecamatan]
    session.execute(insert(Coverage), rows)
    audit.record(
        session,
        "coverage.taken_over",
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before=_told(before) if before else None,
        after=_told(table),
    )
    return table


def _told(table: CoverageTable) -> dict[str, int | str]:
    return {
        "counted_on": table.counted_on.isoformat(),
        "districts": len(table.kecamatan),
        "obliged": table.obliged,
        "recorded": table.recorded,
    }
