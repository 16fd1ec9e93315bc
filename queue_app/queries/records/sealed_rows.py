"""Sealed rows by the number of their key, and the tickets that stand in the way of another place."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, null, or_, select

from queue_app.domain.booking import ACTIVE_STATES, HOLDING_STATES
from queue_app.domain.keyring import bound_to, bound_to_account, bound_to_webhook, data_key_number
from queue_app.domain.office_acts import TAKEN_BACK_WITHIN
from queue_app.domain.tickets import show_code
from queue_app.models import Booking, SecondFactor, Ticket, Webhook

# Each table with its sealed columns. A test holds this against `domain/retention.py`.
SEALED: dict[Any, tuple[str, ...]] = {
    Ticket: ("nik", "name"),
    Booking: ("phone", "email"),
    SecondFactor: ("secret", "pending"),
    Webhook: ("secret", "former_secret"),
}


def sealed_rows(table: Any) -> Select[Any]:
    """Of each row: id, what `place_of` needs (the code of its booking and the position of the person; or the account,
    or nothing more), and the sealed columns."""
    own = [table.__table__.c[name] for name in SEALED[table]]
    if table is Booking:
        return select(Booking.id, Booking.code, null().label("position"), *own).order_by(Booking.id)
    if table is SecondFactor:
        return select(SecondFactor.id, SecondFactor.staff_id, *own).order_by(SecondFactor.id)
    if table is Webhook:
        return select(Webhook.id, *own).order_by(Webhook.id)
    return select(Ticket.id, Booking.code, Ticket.position, *own).join(Ticket.booking).order_by(Ticket.id)


def place_of(table: Any, row: Row[Any], column: str) -> str:
    """What a value of a row of `sealed_rows` is bound to."""
    if table is SecondFactor:
        return bound_to_account(row.staff_id, column)
    if table is Webhook:
        return bound_to_webhook(row.id, column)
    return bound_to(row.code, column, row.position)


def owner_of(table: Any, row: Row[Any]) -> str:
    """Whose it is, in the words of `queue-app check`."""
    if table is Webhook:
        return f"webhook {row.id}"
    return f"staff {row.staff_id}" if table is SecondFactor else f"booking {show_code(row.code)}"


def under_key(table: Any, name: str) -> ColumnElement[bool]:
    """Rows with a value under the data key of this name (`data_key_name`)."""
    return or_(*(first == bytes([data_key_number(name)]) for first in _first_bytes(table)))


def under_another(table: Any, name: str) -> ColumnElement[bool]:
    """Rows with a value under another data key."""
    return or_(*(first != bytes([data_key_number(name)]) for first in _first_bytes(table)))


def may_become_active(today: date) -> ColumnElement[bool]:
    """Tickets that stand in the way of a second place of their person, or may do so again: a scan is undone, an absence
    taken back (`domain/office_acts.py`)."""
    again = Ticket.state.in_(HOLDING_STATES) & (Ticket.day >= today - 2 * TAKEN_BACK_WITHIN)
    return or_(Ticket.state.in_(ACTIVE_STATES), again)


def _first_bytes(table: Any) -> list[ColumnElement[bytes]]:
    """A sealed value begins with the number of its key."""
    return [func.substr(table.__table__.c[name], 1, 1) for name in SEALED[table]]
