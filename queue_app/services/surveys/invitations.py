"""Ask those who were served, where a message reaches them and their office wants it: once for each booking."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date, office_instant
from queue_app.domain.reminders import MessageKind
from queue_app.domain.visits import VisitState
from queue_app.models import Booking, Office, OutboxMessage, SurveyMark, Ticket, Visit
from queue_app.services.records import outbox

ASKED_AT = time(17, 0)  # of the day of the visit, when most are at home


def queue_invitations(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Queue what is due today and not queued yet; return how many. Of a day that nobody asked on, nobody is asked
    later: an answer is worth most while one remembers.
    """
    queued = 0
    offices = select(Office.id, Office.time_zone).where(Office.survey_by_message).order_by(Office.id)
    for office_id, zone in session.execute(offices).all():
        today = office_date(now, zone)
        due_at = office_instant(today, ASKED_AT, zone)
        if now < due_at:
            continue
        state = outbox.state_of_due(session, due_at)
        for booking in _to_ask(session, office_id, today, due_at, limit):
            queued += outbox.queue(session, booking, MessageKind.SURVEY, due_at=due_at, state=state)
    return queued


def _to_ask(session: Session, office_id: int, day: date, due_at: datetime, limit: int) -> list[Booking]:
    """With an address for mail: a message that staff carry out by hand is not worth this."""
    queued = (
        select(OutboxMessage.id)
        .where(OutboxMessage.booking_id == Booking.id)
        .where(OutboxMessage.kind == MessageKind.SURVEY, OutboxMessage.due_at == due_at)
    )
    wanted = (
        select(Ticket.booking_id)
        .join(Visit, Visit.ticket_id == Ticket.id)
        .where(Visit.office_id == office_id, Visit.day == day, Visit.state == VisitState.SERVED)
        .where(~select(SurveyMark.ticket_id).where(SurveyMark.ticket_id == Ticket.id).exists())
    )
    return list(
        session.scalars(
            select(Booking)
            .where(Booking.id.in_(wanted), ~queued.exists())
            .where(Booking.email.is_not(None), Booking.suspended_at.is_(None))
            .order_by(Booking.id)
            .limit(limit)
        )
    )
