"""Add refused attempts to those of their day: one row for each service, day and reason, however many processes add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from queue_app.domain.figures.refusals import RefusalReason
from queue_app.models import DayRefusal, Slot

KEY = ("office_id", "day", "service_id", "reason")
AT_ONCE = 500  # slots asked for in one statement
Row = tuple[int, date, int, RefusalReason]


def add_refusals(session: Session, attempts: Mapping[tuple[int, str], int]) -> int:
    """``attempts``: by id of the slot and code of the refusal. Return how many rows were added to.

    A slot that is gone is passed over.
    """
    sums: Counter[Row] = Counter()
    slots = _slots(session, sorted({slot_id for slot_id, _code in attempts}))
    for (slot_id, code), number in attempts.items():
        if slot_id in slots:
            sums[*slots[slot_id], RefusalReason(code)] += number
    for row in sorted(sums):  # in one order for all processes, so that none wait in a circle
        add(session, row, sums[row])
    return len(sums)


def add(session: Session, row: Row, attempts: int) -> None:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.get_bind().dialect.name]
    statement = insert(DayRefusal.__table__).values(**dict(zip(KEY, row, strict=True)), attempts=attempts)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=KEY, set_={"attempts": DayRefusal.__table__.c.attempts + statement.excluded.attempts}
        )
    )


def _slots(session: Session, ids: list[int]) -> dict[int, tuple[int, date, int]]:
    found = {}
    for start in range(0, len(ids), AT_ONCE):
        rows = session.execute(
            select(Slot.id, Slot.office_id, Slot.day, Slot.service_id).where(Slot.id.in_(ids[start : start + AT_ONCE]))
        )
        found.update({row.id: (row.office_id, row.day, row.service_id) for row in rows})
    return found
