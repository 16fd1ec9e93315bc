"""Results of the survey that anybody may see: of periods to which no answer can be added any more.

An index that still moved would tell the answer that moved it. Services and days of fewer than five answers are left
out, and the whole is the sum of what is told, so that nothing can be reckoned from the difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from queue_app.domain.figures.openness import FEWEST
from queue_app.domain.surveys import ANSWER_WITHIN, Period, PeriodKind, Result, periods_back

from .results import ServiceResult, results, results_by_day, together

PERIODS = 5  # quarters: the four of a year at least, when the newest is not closed yet
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Published:
    """``services``: only those told."""

    period: Period
    services: Sequence[ServiceResult]

    @property
    def total(self) -> Result:
        return together(one.result for one in self.services)


def published(session: Session, office_id: int, today: date) -> Sequence[Published]:
    """Closed quarters that tell something, the newest first."""
    found = []
    for period in periods_back(today, PeriodKind.QUARTER, PERIODS):
        if period.last + ANSWER_WITHIN >= today:
            continue
        services = results(session, office_id, period.first, period.last).services
        if told := [one for one in services if one.result.people >= FEWEST]:
            found.append(Published(period, told))
    return found


def published_days(session: Session, office_id: int, first: date, today: date) -> Mapping[date, int]:
    """The index of closed days in whole numbers: finer ones of all days but one would tell that one."""
    closed = today - ANSWER_WITHIN - timedelta(days=1)
    return {
        day: int(result.index.quantize(WHOLE, ROUND_HALF_UP))
        for day, result in results_by_day(session, office_id, first, closed).items()
        if result.people >= FEWEST and result.index is not None
    }
