"""Invariants of what is sealed: it opens with these keys, and nobody hides behind another index a second time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import ACTIVE_STATES
from queue_app.domain.keyring import Keyring, Unreadable, bound_to, opened
from queue_app.models import Booking, Ticket

from .sealed_rows import SEALED, owner_of, place_of, sealed_rows

AT_ONCE = 5000
OWNERS = 5  # that are named


def sealed_values_open(session: Session, keyring: Keyring) -> Iterator[str]:
    """For each column what cannot be read, by their owners."""
    unread: dict[str, list[str]] = defaultdict(list)
    for column, row in _sealed(session):
        table = column.class_
        if isinstance(opened(keyring, row.sealed, bound_to=place_of(table, row, column.key)), Unreadable):
            unread[f"{table.__tablename__}.{column.key}"].append(owner_of(table, row))
    for name, owners in unread.items():
        first = ", ".join(list(dict.fromkeys(owners))[:OWNERS])
        yield f"{name}: {len(owners)} cannot be opened, first of {first}"


def persons_have_one_place(session: Session, keyring: Keyring) -> Iterator[str]:
    """By the NIK itself, as far as it can be read: the unique index sees what another key made as another person."""
    rows = session.execute(
        select(Ticket.id, Ticket.service_id, Ticket.position, Ticket.nik, Ticket.person_index, Booking.code)
        .join(Ticket.booking)
        .where(Ticket.state.in_(ACTIVE_STATES), Ticket.nik.is_not(None))
        .order_by(Ticket.id)
        .execution_options(yield_per=AT_ONCE)
    )
    first: dict[tuple[int, bytes], int] = {}
    unread = 0
    for row in rows:
        nik = opened(keyring, row.nik, bound_to=bound_to(row.code, "nik", row.position))
        if nik is None or isinstance(nik, Unreadable):
            unread += 1
            continue
        index = keyring.person_index(nik)
        if row.person_index != index:
            yield f"ticket {row.id}: its person index is not that of its NIK"
        if (earlier := first.setdefault((row.service_id, index), row.id)) != row.id:
            yield f"service {row.service_id}: ticket {row.id} is a second place of the person of ticket {earlier}"
    if unread:
        yield f"{unread} active tickets cannot be opened: whether their persons have another place is not known"


def _sealed(session: Session) -> Iterator[tuple[Any, Row[Any]]]:
    """The columns, and from each row its value and what `sealed_rows` gives of it."""
    for table, names in SEALED.items():
        for column in (getattr(table, name) for name in names):
            rows = sealed_rows(table).add_columns(column.label("sealed")).where(column.is_not(None))
            for row in session.execute(rows.execution_options(yield_per=AT_ONCE)):
                yield column, row
