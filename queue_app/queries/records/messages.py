"""The outbox as the administrator sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.models import MessageState, OutboxMessage, Ticket


def messages_of(
    session: Session, office_id: int, *, before_id: int | None = None, limit: int = 100
) -> Sequence[OutboxMessage]:
    """The newest messages of an office, or those before one of them."""
    here = select(OutboxMessage).where(OutboxMessage.office_id == office_id)
    if before_id is not None:
        here = here.where(OutboxMessage.id < before_id)
    return session.scalars(here.order_by(OutboxMessage.id.desc()).limit(limit)).all()


def tickets_written_to(session: Session, messages: Iterable[OutboxMessage]) -> Mapping[int, Ticket]:
    """The last ticket of each booking, by the booking's id."""
    bookings = {message.booking_id for message in messages}
    found = select(Ticket).where(Ticket.booking_id.in_(bookings)).order_by(Ticket.id) if bookings else None
    return {ticket.booking_id: ticket for ticket in session.scalars(found)} if found is not None else {}


def counts(session: Session) -> dict[MessageState, int]:
    rows = session.execute(select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state))
    return dict(rows.all())
