"""Store a scan, and with it let the owner of a ticket in: the one statement behind every check-in.

As the claim of a place (`services/booking/claim.py`) it is one statement on PostgreSQL, the same steps under the writer
lock on SQLite, and goes to the driver itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection

from queue_app.domain.arrivals import ADMITTING, ScanResult
from queue_app.domain.booking import TicketState, check_transition
from queue_app.domain.roles import Actor
from queue_app.domain.visits import VisitState
from queue_app.services.booking.claim import as_stored
from queue_app.services.booking.driver import execute, fetch_each, under_writer_lock
from queue_app.services.booking.places import KEYS_IN_FORCE

# The rule that nobody is let in twice: only out of the state by which the answer was judged.
STEP = f"""
    UPDATE ticket SET state = '{TicketState.CHECKED_IN}', state_since = :now
    WHERE id = CAST(:ticket_id AS integer) AND state = :before AND :admits AND {KEYS_IN_FORCE}
    RETURNING id, office_id, service_id, day, starts_at, slot_id, queue_number, state
"""
# In their window, or behind those of the present one when they are late.
BEGIN_VISIT = f"""
    INSERT INTO visit (ticket_id, office_id, service_id, day, state, since, arrived_at, window_at, late,
                       calls, skips, not_before, had_more_time)
    SELECT id, office_id, service_id, day, '{VisitState.WAITING}', :now, :now,
           coalesce((SELECT max(other.starts_at) FROM slot AS own
                     JOIN slot AS other ON other.service_day_id = own.service_day_id
                     WHERE :late AND own.id = slot_id AND other.starts_at <= :now), starts_at),
           :late, 0, 0, 0, FALSE
    FROM {{stepped}}
"""
RECORD = f"""
    INSERT INTO audit_entry (at, actor, action, subject, subject_id, office_id, before, after)
    SELECT :now, :actor, 'ticket.{TicketState.CHECKED_IN}', 'ticket', id, office_id,
           {{json}}('state', CAST(:before AS varchar)),
           {{json}}('state', state, 'slot', slot_id, 'number', queue_number)
    FROM {{stepped}}
"""
STORE = """
    INSERT INTO check_in (nonce, ticket_id, office_id, staff_id, api_key_id, device_id, at, result)
    SELECT :nonce, CAST(:ticket_id AS integer), :office_id, CAST(:staff_id AS integer), CAST(:api_key_id AS integer),
           CAST(:device_id AS integer), :now, :result
    {if_admitted} RETURNING id
"""


@dataclass(frozen=True)
class NewScan:
    """A scan that was judged. ``before``: the state of the ticket by which it was; None without a ticket.

    ``keys``: the epoch of those that it was read by.
    """

    nonce: str
    ticket_id: int | None
    before: TicketState | None
    result: ScanResult
    office_id: int
    staff_id: int | None
    api_key_id: int | None
    device_id: int | None
    actor: Actor
    keys: bytes
    now: datetime


def store_scan(connection: Connection, new: NewScan) -> int | None:
    """Within a transaction of the caller, on SQLite one that holds the writer lock: the id of its row.

    None when it would let somebody in whose ticket is not in that state any more, or the keys are not in force: then
    nothing is stored. Raises IntegrityError for a nonce that was stored before.
    """
    if connection.dialect.name == "postgresql":
        return _id(execute(connection, _postgresql_statement(), _values(connection, new)).fetchall())
    values = _values(connection, new)
    if values["admits"]:
        if execute(connection, STEP, values).fetchone() is None:
            return None
        stepped = "ticket WHERE id = :ticket_id"
        execute(connection, BEGIN_VISIT.format(stepped=stepped), values)
        execute(connection, RECORD.format(stepped=stepped, json="json_object"), values)
    return _id(execute(connection, STORE.format(if_admitted=""), values).fetchall())


def store_scans_alone(connection: Connection, many: Sequence[NewScan]) -> list[int | None]:
    """`store_scan` for each in one transaction of their own, on a connection of `db.claiming`; in the order of tickets,
    as everybody takes them who wants several, so that nobody waits in a circle.

    Raises IntegrityError when a unique index says no to any of them: then all is undone.
    """
    order = sorted(range(len(many)), key=lambda number: many[number].ticket_id or 0)
    if connection.dialect.name == "postgresql":
        values = [_values(connection, many[number]) for number in order]
        stored = [_id(rows) for rows in fetch_each(connection, _postgresql_statement(), values)]
    else:
        with under_writer_lock(connection):
            stored = [store_scan(connection, many[number]) for number in order]
    by_number = dict(zip(order, stored, strict=True))
    return [by_number[number] for number in range(len(many))]


@cache
def _postgresql_statement() -> str:
    return f"""
    WITH stepped AS ({STEP}),
    visiting AS ({BEGIN_VISIT.format(stepped="stepped")}),
    recorded AS ({RECORD.format(stepped="stepped", json="json_build_object")})
    {STORE.format(if_admitted="WHERE NOT :admits OR EXISTS (SELECT 1 FROM stepped)")}
    """


def _values(connection: Connection, new: NewScan) -> dict[str, Any]:
    admits = new.result in ADMITTING
    if admits:
        check_transition(new.before, TicketState.CHECKED_IN)
    return {
        "nonce": new.nonce,
        "ticket_id": new.ticket_id,
        "before": new.before.value if new.before else None,
        "result": new.result.value,
        "admits": admits,
        "late": new.result is ScanResult.LATE,
        "office_id": new.office_id,
        "staff_id": new.staff_id,
        "api_key_id": new.api_key_id,
        "device_id": new.device_id,
        "actor": new.actor.label,
        "keys": new.keys,
        "now": as_stored(connection, new.now),
    }


def _id(rows: Sequence[Sequence[Any]]) -> int | None:
    return rows[0][0] if rows else None
