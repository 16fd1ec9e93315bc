"""Hours that schedule or quota has dropped while people are booked there: they are closed like any other hour."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.closures import DAYS_MAX, ClosedTime, ClosureState, InvalidClosure, OfferTerms
from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.models import Closure, OfficeService
from queue_app.queries.calendar.withdrawn import withdrawn_tickets

from .closures import NewClosure, draft, redraft


def draft_dropped(
    session: Session, office_service_id: int, *, reason_id: str, reason_en: str, actor: Actor, now: datetime
) -> Closure:
    """Draft the closure of every hour of a service that was dropped under people, of a quarter at most.

    The same draft when there is one already, with its reason and terms, brought up to date. Raises NotFound;
    InvalidClosure (``nothing``) when nobody is booked in such an hour.
    """
    offering = session.get(OfficeService, office_service_id)
    if offering is None:
        raise NotFound()
    office_id, service_id = offering.office_id, offering.service_id
    too_many = withdrawn_tickets(session, office_id=office_id, service_id=service_id, now=now)
    days = [entry.day for entry in too_many if entry.dropped]
    if not days:
        raise InvalidClosure(reason="nothing")
    last = min(max(days), min(days) + timedelta(days=DAYS_MAX - 1))
    time = ClosedTime(min(days), last, services=frozenset({service_id}), only_dropped=True)
    present = _present_draft(session, offering)
    if present is None:
        return draft(session, office_id, NewClosure(time, reason_id, reason_en), actor=actor, now=now)
    terms = OfferTerms(present.other_offices, present.extra_places, present.hold_hours, present.precedence_days)
    new = NewClosure(time, present.reason_id, present.reason_en, terms=terms)
    return redraft(session, present.id, new, office_id=office_id, actor=actor, now=now)


def _present_draft(session: Session, offering: OfficeService) -> Closure | None:
    drafts = session.scalars(
        select(Closure)
        .where(Closure.office_id == offering.office_id, Closure.state == ClosureState.DRAFT, Closure.only_dropped)
        .order_by(Closure.id)
    )
    return next((one for one in drafts if one.time.services == {offering.service_id}), None)
