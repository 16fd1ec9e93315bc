"""The receipt printers of an office."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import InvalidPrinter
from queue_app.domain.printing import COLUMNS, PrintOutcome, read_host, read_printer_name
from queue_app.domain.roles import Actor
from queue_app.models import Printer, RollWidth
from queue_app.queries.printing.printing import printer_at
from queue_app.services.records import audit


def add_printer(
    session: Session,
    *,
    office_id: int,
    name: str,
    host: str,
    port: int,
    columns: int,
    actor: Actor,
    now: datetime,
) -> Printer:
    """``columns``: characters on a line, which tell the paper too. Raises InvalidPrinter."""
    if columns not in COLUMNS:
        raise InvalidPrinter(reason="columns")
    printer = Printer(
        office_id=office_id,
        name=read_printer_name(name),
        host=read_host(host),
        port=_read_port(port),
        width=RollWidth.MM_58 if columns == min(COLUMNS) else RollWidth.MM_80,
        columns=columns,
    )
    session.add(printer)
    session.flush()
    facts = {"name": printer.name, "host": printer.host, "port": printer.port, "columns": printer.columns}
    audit.record(
        session, "printer.added", "printer", printer.id, actor=actor, now=now, office_id=office_id, after=facts
    )
    return printer


def deactivate_printer(session: Session, printer_id: int, *, office_id: int, actor: Actor, now: datetime) -> Printer:
    """It prints no more, and stays in the history of what was printed. Raises NotFound."""
    printer = printer_at(session, printer_id, office_id)
    if printer.active:
        printer.active = False
        audit.record(
            session,
            "printer.deactivated",
            "printer",
            printer.id,
            actor=actor,
            now=now,
            office_id=office_id,
            before={"name": printer.name},
        )
    return printer


def record_trial(
    session: Session, printer_id: int, outcome: PrintOutcome, *, office_id: int, actor: Actor, now: datetime
) -> None:
    """Write down that a trial page was printed, and what came of it. Raises NotFound."""
    printer = printer_at(session, printer_id, office_id)
    facts = {"name": printer.name, "print": outcome.problem or outcome.state}
    audit.record(
        session, "printer.tried", "printer", printer.id, actor=actor, now=now, office_id=office_id, after=facts
    )


def _read_port(port: int) -> int:
    if not 1 <= port <= 65535:
        raise InvalidPrinter(reason="port")
    return port
