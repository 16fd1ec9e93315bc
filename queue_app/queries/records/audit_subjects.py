"""The rows behind the ids in audit entries, for a reader who knows none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import AuditEntry, Counter, Office, OfficeService, Service, ServiceDay, Slot, Staff, Ticket
from queue_app.models.base import LARGEST_ID

Row = TypeVar("Row", Ticket, Counter, Slot, ServiceDay, OfficeService, Staff, Office, Service)


@dataclass(frozen=True)
class AuditSubjects:
    """Rows by id; one that is gone is missing."""

    tickets: Mapping[int, Ticket]
    counters: Mapping[int, Counter]
    slots: Mapping[int, Slot]
    days: Mapping[int, ServiceDay]
    offerings: Mapping[int, OfficeService]
    staff: Mapping[int, Staff]
    offices: Mapping[int, Office]
    services: Mapping[int, Service]


def audit_subjects(session: Session, entries: Iterable[AuditEntry]) -> AuditSubjects:
    """One query for each kind of row, however many entries there are."""
    entries = list(entries)
    facts = [fact for entry in entries for fact in (entry.before or {}, entry.after or {})]

    def subjects(kind: str) -> set[int]:
        return {entry.subject_id for entry in entries if entry.subject == kind}

    officers = {number for fact in facts if (number := read_id(fact.get("officer"))) is not None}
    return AuditSubjects(
        tickets=_rows(session, Ticket, subjects("ticket") | subjects("visit")),
        counters=_rows(session, Counter, subjects("counter")),
        slots=_rows(session, Slot, {number for fact in facts for number in slot_ids(fact)}),
        days=_rows(session, ServiceDay, subjects("service_day")),
        offerings=_rows(session, OfficeService, subjects("office_service")),
        staff=_rows(session, Staff, subjects("staff") | officers),
        offices={row.id: row for row in session.scalars(select(Office))},
        services={row.id: row for row in session.scalars(select(Service))},
    )


def slot_ids(fact: Mapping[str, Any]) -> set[int]:
    """The slots that an entry's "before" or "after" names, as ``slot`` or as the keys of ``slots``."""
    several = fact.get("slots")
    named = [fact.get("slot"), *(several if isinstance(several, dict) else ())]
    return {number for name in named if (number := read_id(name)) is not None}


def read_id(value: object) -> int | None:
    """The id that stands in a JSON value, as number or as text; None when it is none."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_ID)):
        return None
    return number if (number := int(text)) <= LARGEST_ID else None


def _rows(session: Session, table: type[Row], ids: set[int]) -> dict[int, Row]:
    return {row.id: row for row in session.scalars(select(table).where(table.id.in_(ids)))} if ids else {}
