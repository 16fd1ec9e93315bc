"""Bring what is stored under former keys under those in force, a bounded number of rows in each transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, bound_to, plain
from queue_app.models import Booking, Ticket
from queue_app.queries.records.sealed_rows import SEALED, place_of, sealed_rows, under_another, under_key


def reseal(session: Session, table: Any, keyring: Keyring, *, after: int, limit: int) -> int | None:
    """Seal rows with an id beyond ``after`` anew; return the last id looked at, None when there are no more.

    Compared with the old value while it is written: who corrects a name meanwhile is not overwritten. What its own key
    does not open is lost already, and stays as it is.
    """
    stale = under_another(table, keyring.current_name)
    rows = session.execute(sealed_rows(table).where(table.id > after, stale).limit(limit)).all()
    changes: dict[str, list[dict[str, Any]]] = {column: [] for column in SEALED[table]}
    for row in rows:
        for column, changed in changes.items():
            old, place = getattr(row, column), place_of(table, row, column)
            if old is not None and (value := plain(keyring, old, bound_to=place)) is not None:
                changed.append({"row": row.id, "old": old, "new": keyring.seal(value, bound_to=place)})
    for column, changed in changes.items():
        _replace(session, table, column, changed)
    return rows[-1].id if rows else None


def reindex(
    session: Session, keyring: Keyring, *which: ColumnElement[bool], after: int = 0, limit: int | None = None
) -> int | None:
    """Give tickets with an id beyond ``after`` the person index of the key in force; as `reseal` says.

    Whose NIK cannot be read keeps the index of the former key: nobody can say whose it is (I17 counts them).
    """
    rows = session.execute(
        select(Ticket.id, Ticket.position, Ticket.nik, Ticket.person_index, Booking.code)
        .join(Ticket.booking)
        .where(Ticket.id > after, Ticket.nik.is_not(None), Ticket.person_index.is_not(None), *which)
        .order_by(Ticket.id)
        .limit(limit)
    ).all()
    changes = []
    for row in rows:
        nik = plain(keyring, row.nik, bound_to=bound_to(row.code, "nik", row.position))
        if nik is not None and (index := keyring.person_index(nik)) != row.person_index:
            changes.append({"row": row.id, "old": row.person_index, "new": index})
    _replace(session, Ticket, "person_index", changes)
    return rows[-1].id if rows else None


def forget_digests(
    session: Session, *, after: int = 0, since: datetime | None = None, limit: int | None = None
) -> int | None:
    """What requests asked for was hashed under the former key, and tells nothing any more: their keys alone say that
    they are repeated. As `reseal` says."""
    rows = select(Booking.id).where(Booking.id > after, Booking.request_digest.is_not(None))
    rows = rows.where(Booking.created_at >= since) if since else rows
    ids = session.scalars(rows.order_by(Booking.id).limit(limit)).all()
    session.execute(
        update(Booking)
        .where(Booking.id.in_(ids))
        .values(request_digest=None)
        .execution_options(synchronize_session=False)
    )
    return ids[-1] if ids else None


def anything_under(session: Session, keyring: Keyring, name: str) -> bool:
    """Whether a value is left that the data key of this name opens."""
    for table, columns in SEALED.items():
        for row in session.execute(sealed_rows(table).where(under_key(table, name))):
            for column in columns:
                value, place = getattr(row, column), place_of(table, row, column)
                if value and keyring.is_under(value, name) and plain(keyring, value, bound_to=place) is not None:
                    return True
    return False


def _replace(session: Session, table: Any, column: str, changes: Iterable[dict[str, Any]]) -> None:
    """Past the ORM, which knows nothing of "only where it is still the old one" for many rows."""
    columns = table.__table__.c
    statement = update(table.__table__).where(columns.id == bindparam("row"), columns[column] == bindparam("old"))
    if changes := list(changes):
        session.connection().execute(statement.values({column: bindparam("new")}), changes)
