"""Count a finished day of an office, and store what was counted: again and again with the same result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.figures.counting import ServiceFigures, count_services, sold_out, tallies, work
from queue_app.domain.visits import VisitState
from queue_app.models import DayCount, DayFigures, DayWork, Office
from queue_app.queries.figures.due import DueDay, mark_of
from queue_app.queries.figures.office_day import office_day

TABLES = (DayFigures, DayCount, DayWork)
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class CountedDay:
    """The rows of one day of an office, for each of `TABLES`."""

    office_id: int
    day: date
    rows: tuple[Rows, Rows, Rows]

    @property
    def tickets(self) -> int:
        return sum(row["tickets"] for row in self.rows[0])


def count_day(session: Session, due: DueDay) -> CountedDay:
    """Only reads: nobody waits for it. The look from afar comes first: what changes meanwhile is seen the next time."""
    of_day = {"office_id": due.office_id, "day": due.day}
    mark = mark_of(session, due.office_id, due.day)
    found = office_day(session, due.office_id, due.day, zone=due.zone)
    services = sorted(count_services(found).items())
    return CountedDay(
        due.office_id,
        due.day,
        (
            [of_day | {"service_id": service_id, "mark": mark} | _figures(one) for service_id, one in services],
            [
                of_day | {"service_id": service_id, "breakdown": breakdown, "word": word} | vars(tally)
                for service_id, one in services
                for (breakdown, word), tally in sorted(tallies(one).items())
            ],
            [
                of_day | {"counter_id": counter_id, "staff_id": staff_id} | vars(done)
                for (counter_id, staff_id), done in sorted(work(found.steps).items())
            ],
        ),
    )


def store_day(session: Session, counted: CountedDay) -> bool:
    """Put the figures of a day in the place of those before. False, and nothing is changed, where there were more
    tickets once: rows of that day are gone, and its figures are all that is left of them.
    """
    lock_office(session, counted.office_id)
    where = {"office_id": counted.office_id, "day": counted.day}
    before = session.scalar(select(func.sum(DayFigures.tickets)).filter_by(**where)) or 0
    if counted.tickets < before:
        return False
    keep_again(session, counted)
    for table, rows in zip(TABLES, counted.rows, strict=True):
        session.execute(delete(table).filter_by(**where).execution_options(synchronize_session=False))
        if rows:
            session.execute(insert(table), list(rows))
    return True


def keep_again(session: Session, counted: CountedDay) -> None:
    """Who came again is told by an index that the purge empties: what was counted once is never counted down."""
    of_day = select(DayFigures.service_id, DayFigures.again).filter_by(office_id=counted.office_id, day=counted.day)
    known = {row.service_id: row.again for row in session.execute(of_day)}
    for row in counted.rows[0]:
        row["again"] = max(row["again"], known.get(row["service_id"], 0))


def lock_office(session: Session, office_id: int) -> None:
    """So that two who store the same day go one after the other: else both would put it there."""
    session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True))


def _figures(one: ServiceFigures) -> dict[str, Any]:
    full = sold_out(one)
    return {
        "public_quota": one.planned(public=True),
        "kept_quota": one.planned(public=False),
        "closed_places": one.closed,
        "tickets": len(one.people),
        "booked": one.booked,
        "walk_ins": one.walk_ins,
        "cancelled": one.in_state(TicketState.CANCELLED),
        "moved": one.in_state(TicketState.RESCHEDULED),
        "came": one.came,
        "missed": one.in_state(TicketState.NO_SHOW),
        "unsettled": one.unsettled,
        "served": one.in_visit(VisitState.SERVED),
        "again": one.again,
        "unanswered": one.in_visit(VisitState.ABSENT),
        "waits": len(one.waits),
        "wait_seconds": sum(one.waits),
        "service_times": len(one.service_times),
        "service_seconds": sum(one.service_times),
        "first_full_at": full.first_at,
        "sold_out_at": full.at,
    }
