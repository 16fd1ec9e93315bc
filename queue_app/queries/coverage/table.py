"""The table of an office, and how many were recorded there since it was counted."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.coverage import CoverageTable, Kecamatan
from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.visits import Outcome
from queue_app.models import Coverage, DayCount, Service


def coverage_of(session: Session, office_id: int) -> CoverageTable | None:
    rows = session.scalars(select(Coverage).where(Coverage.office_id == office_id).order_by(Coverage.code)).all()
    if not rows:
        return None
    return CoverageTable(rows[0].counted_on, [Kecamatan(one.code, one.name, one.obliged, one.recorded) for one in rows])


def recorded_since(session: Session, office_id: int, day: date) -> int:
    """People whose recording was done here on finished days after ``day``. Of which kecamatan they are is not known:
    a NIK tells where somebody was registered first, and is read for nothing else.
    """
    found = session.scalar(
        select(func.sum(DayCount.people))
        .join(Service, Service.id == DayCount.service_id)
        .where(DayCount.office_id == office_id, DayCount.day > day, Service.asks_recorded_before)
        .where(DayCount.breakdown == Breakdown.OUTCOME, DayCount.word == Outcome.DONE)
    )
    return int(found or 0)
