"""Figures of days that are over, or were changed after they were: counted while others read, stored in a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from queue_app.db import unit_of_work
from queue_app.queries.figures.due import DueDay, due_days
from queue_app.services.figures.days import count_day, store_day

from .context import now, reading, stop_requested


def count_days() -> int:
    """Day by day, each in a transaction of its own."""
    with reading() as session:
        due = due_days(session, now=now())
    return store_days(due, stop=stop_requested)


def store_days(due: Iterable[DueDay], *, stop: Callable[[], bool] = lambda: False) -> int:
    """How many days were stored; those of which rows are gone keep the figures that they have."""
    stored = 0
    for one in due:
        if stop():
            break
        with reading() as session:
            counted = count_day(session, one)
        with unit_of_work() as session:
            stored += store_day(session, counted)
    return stored
