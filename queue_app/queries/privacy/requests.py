"""Requests about data as those who answer them see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from queue_app.domain.data_rights import RequestKind, RequestState
from queue_app.domain.errors import NotFound
from queue_app.models import DataRequest, Ticket

from ..booking.bookings import latest_ticket

LONGEST_LIST = 200


@dataclass(frozen=True)
class RequestLine:
    """``ticket``: the one that holds now; ``overdue``: its hours have passed and nobody has answered."""

    request: DataRequest
    ticket: Ticket
    overdue: bool


def open_request(session: Session, booking_id: int, position: int, kind: RequestKind) -> DataRequest | None:
    return session.scalars(
        select(DataRequest)
        .where(DataRequest.booking_id == booking_id, DataRequest.position == position, DataRequest.kind == kind)
        .where(DataRequest.state == RequestState.OPEN)
    ).one_or_none()


def request_at(session: Session, request_id: int, office_id: int) -> DataRequest:
    """Raises NotFound for one of another office."""
    request = session.get(DataRequest, request_id, populate_existing=True)
    if request is None or request.office_id != office_id:
        raise NotFound()
    return request


def requests_of(session: Session, ticket: Ticket) -> Sequence[DataRequest]:
    """Of one person in one booking, the newest first."""
    return session.scalars(
        select(DataRequest)
        .where(DataRequest.booking_id == ticket.booking_id, DataRequest.position == ticket.position)
        .order_by(DataRequest.id.desc())
    ).all()


def requests_at(session: Session, office_id: int, *, now: datetime) -> tuple[RequestLine, ...]:
    """Of an office: what is open first, the most urgent before the others; then what was answered last."""
    is_open = DataRequest.state == RequestState.OPEN
    rows = session.scalars(
        select(DataRequest)
        .where(DataRequest.office_id == office_id)
        .order_by(
            case((is_open, 0), else_=1),
            case((is_open, DataRequest.due_at), else_=None),
            DataRequest.answered_at.desc(),
            DataRequest.id.desc(),
        )
        .limit(LONGEST_LIST)
    )
    return tuple(_line(session, request, now=now) for request in rows)


def _line(session: Session, request: DataRequest, *, now: datetime) -> RequestLine:
    ticket = latest_ticket(session, session.get_one(Ticket, request.ticket_id))
    return RequestLine(request, ticket, request.state is RequestState.OPEN and request.due_at <= now)
