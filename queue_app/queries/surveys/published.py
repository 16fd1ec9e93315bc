"""Results of the survey that anybody may see: of periods to which no answer can be added any more.

An index that still moved would tell the answer that moved it. Services and days of fewer than five answers are not
told, and the whole is made so that nothing can be reckoned from the difference (`Results.total`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy.orm import Session

from queue_app.domain.surveys import ANSWER_WITHIN, Period, PeriodKind, Result, people_wanted, periods_back

from .results import ServiceResult, results, results_by_day

PERIODS = 5  # quarters: the four of a year at least, when the newest is not closed yet
WHOLE = Decimal(1)


@dataclass(frozen=True)
class Published:
    """``services``: only those told. ``wanted``: how many answers stand for all who were served."""

    period: Period
    total: Result
    wanted: int
    services: Sequence[ServiceResult]


def published(session: Session, office_id: int, today: date) -> Sequence[Published]:
    """Closed quarters that tell something, the newest first."""
    found = []
    for period in periods_back(today, PeriodKind.QUARTER, PERIODS):
        if today < period.closed_from:
            continue
        whole = results(session, office_id, period.first, period.last)
        if whole.total.is_told:
            found.append(Published(period, whole.total, people_wanted(whole.served), whole.told))
    return found


def published_days(session: Session, office_id: int, first: date, today: date) -> Mapping[date, int]:
    """The index of closed days in whole numbers: finer ones of all days but one would tell that one."""
    closed = today - ANSWER_WITHIN - timedelta(days=1)
    return {
        day: int(result.index.quantize(WHOLE, ROUND_HALF_UP))
        for day, result in results_by_day(session, office_id, first, closed).items()
        if result.index is not None
    }
