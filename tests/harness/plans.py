"""What the database would read for the statements that were sent: nothing that grows may be read from end to end.

SQLite says how it would go through a table without looking at what is in it, because nobody ever lets it count: so a
small world tells the plans of a large office. PostgreSQL chooses by the size of its tables; there it is asked whether
it can do without reading whole ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, text

# Tables of which there is a row more for each booking, or for each day of each service.
GROWING = frozenset(
    {
        *("booking", "ticket", "check_in", "visit", "visit_step", "slot", "service_day", "line"),
        *("outbox_message", "audit_entry", "audit_seal", "offline_entry", "print_job"),
        *("day_figures", "day_count", "day_work", "roster_shift"),
    }
)
# Of a table that grows, one of these has a part that grows with it.
COARSE = frozenset({"office_id", "service_id", "state", "kind", "action", "subject", "share", "status"})
# Indexes that hold only what is rare or not done with yet.
SMALL = {
    *("ix_offline_entry_open", "ix_offline_entry_corrected", "ix_visit_unfinished", "ix_visit_step_out_of_order"),
    *("uq_visit_open_counter_id", "ix_ticket_booked_starts_at", "ix_day_figures_unsettled"),
}
# That are walked from their end and left after a page; or by state, where only what is still to be done is asked for.
WALKED = {
    *("ix_outbox_message_office_id_id", "ix_audit_entry_office_id_at_id", "ix_audit_entry_office_acts"),
    *("ix_audit_entry_with_reason", "ix_audit_entry_of_staff"),
    "ix_outbox_message_waiting",
}
STEP = re.compile(r"(?P<how>SCAN|SEARCH) (?P<table>\w+?)(?:_\d+)?(?: USING (?P<using>[^(]*))?(?: \((?P<by>.*)\))?$")
SENT = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True)
class Sent:
    """``writes``: within a unit of work, for which others who write have to wait."""

    statement: str
    parameters: Any
    writes: bool


@contextmanager
def sent_to(engine: Engine) -> Iterator[list[Sent]]:
    """The statements that are sent while the block runs."""
    found: list[Sent] = []

    def note(connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.lstrip().startswith(SENT):
            one = parameters[0] if many and isinstance(parameters, list) else parameters
            found.append(Sent(statement, one, bool(connection.get_execution_options().get("writes"))))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def read_whole(connection: Connection, sent: Sent) -> list[str]:
    """The steps of its plan that would read all of a growing table, or all of an office's part of one."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent.statement}", sent.parameters).all()
        return [row[3] for row in rows if reads_on(row[3])]
    for way in ("seqscan", "hashjoin", "mergejoin"):  # each of which is cheap for tables as small as these
        connection.execute(text(f"SET LOCAL enable_{way} = off"))
    ((plan,),) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {sent.statement}", sent.parameters).all()
    return [
        f"Seq Scan on {node['Relation Name']}"
        for node in _nodes((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING
    ]


def reads_on(step: str) -> bool:
    """Whether a step of SQLite's plan goes on as long as its table grows."""
    found = STEP.match(step)
    if found is None or found["table"] not in GROWING:
        return False
    index = set((found["using"] or "").split())
    if index & SMALL or (found["how"] == "SEARCH" and index & WALKED):
        return False
    if found["how"] == "SCAN":
        return True
    terms = re.findall(r"(\w+)([=<>])", found["by"] or "")
    return all(column in COARSE for column, _sign in terms)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
