"""Figures over a range of days of one office, from what was stored of each day: sums of sums, never of percentiles."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from queue_app.domain.figures.counting import NO_COUNTER, NOBODY, Breakdown, Tally, Work
from queue_app.models import Counter as CounterRow
from queue_app.models import DayCount, DayFigures, DayWork, Service, Staff

SUMMED = (
    *("public_quota", "kept_quota", "closed_places", "tickets", "booked", "walk_ins", "cancelled", "moved", "came"),
    *(
        "missed",
        "unsettled",
        "served",
        "again",
        "unanswered",
        "waits",
        "wait_seconds",
        "service_times",
        "service_seconds",
    ),
)
HISTOGRAMS = (Breakdown.WAIT, Breakdown.SERVICE_TIME)


class Sums(Counter[str]):
    """Of the columns that are numbers, under their names."""

    @property
    def quota(self) -> int:
        return self["public_quota"] + self["kept_quota"]

    @property
    def absence(self) -> float | None:
        """Of those who came or missed, the share that missed."""
        settled = self["came"] + self["missed"]
        return self["missed"] / settled if settled else None

    @property
    def mean_wait(self) -> float | None:
        return self["wait_seconds"] / self["waits"] if self["waits"] else None

    @property
    def mean_service(self) -> float | None:
        return self["service_seconds"] / self["service_times"] if self["service_times"] else None


@dataclass(frozen=True)
class FullDay:
    """A day of a service on which no public place was free, for a time or to the end."""

    day: date
    service_id: int
    first_at: datetime
    at: datetime | None


@dataclass
class Report:
    """``days`` and ``services``: sums by day and by service; ``counts``: breakdowns by service; ``work``: by counter
    number (None in the list of arrivals) and member of staff with their name (0 for nobody).
    """

    days: dict[date, Sums] = field(default_factory=lambda: defaultdict(Sums))
    services: dict[int, Sums] = field(default_factory=lambda: defaultdict(Sums))
    names: dict[int, Service] = field(default_factory=dict)
    counts: dict[tuple[int, Breakdown, str], Tally] = field(default_factory=dict)
    full: Sequence[FullDay] = ()
    quota_days: Counter[int] = field(default_factory=Counter)  # days with public places, by service
    work: Sequence[tuple[int | None, tuple[int, str], Work]] = ()

    @property
    def total(self) -> Sums:
        whole = Sums()
        for sums in self.days.values():
            whole.update(sums)
        return whole

    def breakdown(self, which: Breakdown, service_id: int | None = None) -> Mapping[str, Tally]:
        """Of one service, or of all together."""
        found: dict[str, Tally] = defaultdict(Tally)
        for (service, breakdown, word), tally in self.counts.items():
            if breakdown is which and service_id in (None, service):
                found[word].add(tally)
        return found

    def bars(self, which: Breakdown, service_id: int | None = None) -> dict[int, int]:
        """A histogram by the lower bounds of its bars."""
        return {int(word): tally.people for word, tally in self.breakdown(which, service_id).items()}


def report(session: Session, office_id: int, first: date, last: date, *, service_id: int | None = None) -> Report:
    """``service_id``: of one service; the work at counters is that of all of them."""
    found = Report()
    of_day = select(DayFigures).where(*_within(DayFigures, office_id, first, last, service_id)).order_by(DayFigures.day)
    columns = [getattr(DayFigures, name) for name in SUMMED]
    full = []
    for day, service, first_at, at, *numbers in session.execute(
        of_day.with_only_columns(
            DayFigures.day, DayFigures.service_id, DayFigures.first_full_at, DayFigures.sold_out_at, *columns
        )
    ):
        sums = dict(zip(SUMMED, numbers, strict=True))
        found.days[day].update(sums)
        found.services[service].update(sums)
        found.quota_days[service] += sums["public_quota"] > 0
        if first_at:
            full.append(FullDay(day, service, first_at, at))
    found.full = full
    found.names = {one.id: one for one in session.scalars(select(Service).where(Service.id.in_(found.services)))}
    found.counts = _counts(session, _within(DayCount, office_id, first, last, service_id))
    found.work = _work(session, _within(DayWork, office_id, first, last, None))
    return found


def _within(
    table: Any, office_id: int, first: date, last: date, service_id: int | None
) -> Sequence[ColumnElement[bool]]:
    which = [table.office_id == office_id, table.day.between(first, last)]
    return which if service_id is None else [*which, table.service_id == service_id]


def _counts(session: Session, which: Sequence[ColumnElement[bool]]) -> dict[tuple[int, Breakdown, str], Tally]:
    sums = [func.sum(getattr(DayCount, name)) for name in ("people", "came", "missed")]
    by = (DayCount.service_id, DayCount.breakdown, DayCount.word)
    rows = session.execute(select(*by, *sums).where(*which).group_by(*by))
    return {(service, breakdown, word): Tally(*map(int, sums)) for service, breakdown, word, *sums in rows}


def _work(session: Session, which: Sequence[ColumnElement[bool]]) -> Sequence[tuple[int | None, tuple[int, str], Work]]:
    sums = [func.sum(getattr(DayWork, name)) for name in ("calls", "served", "unanswered", "seconds")]
    by = (DayWork.counter_id, DayWork.staff_id)
    rows = session.execute(select(*by, *sums).where(*which).group_by(*by)).all()
    numbers = _named(session, CounterRow.id, CounterRow.number, {row.counter_id for row in rows} - {NO_COUNTER})
    names = _named(session, Staff.id, Staff.name, {row.staff_id for row in rows} - {NOBODY})
    done = [
        (numbers.get(counter), (staff, names.get(staff, "")), Work(*map(int, sums))) for counter, staff, *sums in rows
    ]
    return sorted(done, key=lambda one: (one[0] is None, one[0] or 0, one[1][1], one[1][0]))


def _named(session: Session, key: Any, value: Any, ids: set[int]) -> dict[int, Any]:
    return {row[0]: row[1] for row in session.execute(select(key, value).where(key.in_(ids)))}
