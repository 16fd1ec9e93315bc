"""Figures of today, from its rows as they stand: by service, in all, and by counter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.figures.counting import ServiceFigures, Work, count_services, work
from queue_app.models import Counter, OfficeService, Service

from .office_day import office_day


@dataclass(frozen=True)
class Today:
    """``counters``: what was done, by the number of the counter; None for the list of arrivals."""

    services: Sequence[tuple[Service, ServiceFigures]]
    counters: Sequence[tuple[int | None, Work]]

    @property
    def total(self) -> ServiceFigures:
        whole = ServiceFigures()
        for _service, one in self.services:
            whole.places += one.places
            whole.people += one.people
            whole.waits += one.waits
            whole.service_times += one.service_times
        return whole


def today(session: Session, office_id: int, day: date, *, zone: str) -> Today:
    found = office_day(session, office_id, day, zone=zone)
    figures = count_services(found)
    services = session.scalars(
        select(Service)
        .join(OfficeService, OfficeService.service_id == Service.id)
        .where(OfficeService.office_id == office_id, Service.id.in_(figures))
        .order_by(OfficeService.position, OfficeService.id)
    )
    return Today(
        services=[(service, figures[service.id]) for service in services],
        counters=_by_number(session, office_id, work(found.steps)),
    )


def _by_number(
    session: Session, office_id: int, done: Mapping[tuple[int, int], Work]
) -> Sequence[tuple[int | None, Work]]:
    rows = session.execute(select(Counter.id, Counter.number).where(Counter.office_id == office_id))
    numbers = {row.id: row.number for row in rows}
    counters: dict[int | None, Work] = defaultdict(Work)
    for (counter_id, _staff_id), one in done.items():
        counters[numbers.get(counter_id)].add(one)
    return sorted(counters.items(), key=lambda each: (each[0] is None, each[0] or 0))
