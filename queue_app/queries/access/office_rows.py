"""Rows asked for by id in an address: found only where they belong to the office that the person works at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.models import CheckIn, OfficeService, OutboxMessage, ServiceDay, Ticket, Visit
from queue_app.queries.calendar.offices import offering_at

Row = TypeVar("Row", OfficeService, ServiceDay, Ticket, CheckIn, Visit, OutboxMessage)


def office_service_at(session: Session, office_service_id: int, office_id: int) -> OfficeService:
    """Raise NotFound, as all of these do, for a row of another office: not even its existence is told."""
    return _only(session.get(OfficeService, office_service_id), office_id)


def service_day_at(session: Session, service_day_id: int, office_id: int) -> tuple[ServiceDay, OfficeService]:
    day = _only(session.get(ServiceDay, service_day_id), office_id)
    offering = offering_at(session, day.office_id, day.service_id)
    return day, offering


def ticket_at(session: Session, ticket_id: int, office_id: int) -> Ticket:
    return _only(session.get(Ticket, ticket_id), office_id)


def check_in_at(session: Session, check_in_id: int, office_id: int) -> CheckIn:
    return _only(session.get(CheckIn, check_in_id), office_id)


def visit_at(session: Session, ticket_id: int, office_id: int) -> Visit:
    """As it is at this moment: a step depends on it."""
    return _only(session.get(Visit, ticket_id, populate_existing=True), office_id)


def message_at(session: Session, message_id: int, office_id: int) -> OutboxMessage:
    return _only(session.get(OutboxMessage, message_id), office_id)


def service_days_of(session: Session, ids: Sequence[int]) -> Sequence[tuple[ServiceDay, OfficeService]]:
    """Several days, of any office, with the service and office each belongs to."""
    rows = session.execute(
        select(ServiceDay, OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == ServiceDay.office_id) & (OfficeService.service_id == ServiceDay.service_id),
        )
        .where(ServiceDay.id.in_(ids))
        .order_by(ServiceDay.id)
    )
    return [(day, offering) for day, offering in rows]


def _only(row: Row | None, office_id: int) -> Row:
    if row is None or row.office_id != office_id:
        raise NotFound()
    return row
