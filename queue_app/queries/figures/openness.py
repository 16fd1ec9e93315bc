"""Openness of an office about its last thirty days: `domain/figures/openness.py` decides how much is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.figures.counting import Breakdown
from queue_app.domain.figures.openness import FEWEST, DayCounted, OpenDay, ServiceDay, open_day, open_shares
from queue_app.models import DayCount, DayFigures

from .refused import found_full

DAYS = 30


@dataclass(frozen=True)
class Openness:
    """``days``: the newest first. ``found_full``: attempts at days that were full, where they are
    not few. ``absence``: percent of those who came or missed on the days that say both."""

    days: Sequence[OpenDay]
    channels: Sequence[tuple[str | None, int]]
    absence: int | None
    found_full: Mapping[date, int]


def openness(session: Session, office_id: int, today: date) -> Openness:
    first = today - timedelta(days=DAYS)
    waits, channels = _counts(session, office_id, first, today)
    days = [open_day(one) for one in reversed(_days(session, office_id, first, today, waits))]
    told = [one for one in days if one.is_told]
    people: Counter[str] = Counter()
    for one in told:
        people.update(channels[one.day])
    missed, settled = sum(one.missed or 0 for one in told), sum((one.missed or 0) + (one.came or 0) for one in told)
    full = {day: many for day, many in found_full(session, office_id, first, today).items() if many >= FEWEST}
    return Openness(days, open_shares(people), round(100 * missed / settled) if settled else None, full)


def _days(
    session: Session, office_id: int, first: date, today: date, waits: dict[date, Counter[int]]
) -> list[DayCounted]:
    """Of days on which there were places or people."""
    rows = session.scalars(
        select(DayFigures)
        .where(DayFigures.office_id == office_id, DayFigures.day >= first, DayFigures.day < today)
        .order_by(DayFigures.day)
    )
    by_day: dict[date, list[DayFigures]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    return [
        DayCounted(
            day=day,
            quota=sum(one.public_quota + one.kept_quota for one in those),
            came=sum(one.came for one in those),
            missed=sum(one.missed for one in those),
            services=[ServiceDay(one.public_quota, one.sold_out_at) for one in those],
            waits=waits[day],
        )
        for day, those in by_day.items()
        if any(one.public_quota + one.kept_quota + one.tickets for one in those)
    ]


def _counts(
    session: Session, office_id: int, first: date, today: date
) -> tuple[dict[date, Counter[int]], dict[date, Counter[str]]]:
    waits: dict[date, Counter[int]] = defaultdict(Counter)
    channels: dict[date, Counter[str]] = defaultdict(Counter)
    by = (DayCount.day, DayCount.breakdown, DayCount.word)
    rows = session.execute(
        select(*by, func.sum(DayCount.people))
        .where(DayCount.office_id == office_id, DayCount.day >= first, DayCount.day < today)
        .where(DayCount.breakdown.in_((Breakdown.WAIT, Breakdown.CHANNEL)))
        .group_by(*by)
    )
    for day, breakdown, word, people in rows:
        if breakdown is Breakdown.WAIT:
            waits[day][int(word)] += int(people)
        else:
            channels[day][word] += int(people)
    return waits, channels
