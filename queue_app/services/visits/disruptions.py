"""Disruptions: calling stops, everybody keeps their place, and is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.closures import ClosedTime, ClosureKind, InvalidClosure
from queue_app.domain.errors import NotDisrupted
from queue_app.domain.roles import Actor
from queue_app.domain.stages import LEFT_WAITING
from queue_app.models import Disruption, DisruptionKind, Office, Ticket, Visit
from queue_app.services.calendar.closures import NewClosure, confirm, discard, draft
from queue_app.services.records import audit


def disruption_of(session: Session, office_id: int) -> Disruption | None:
    """What keeps the office from serving just now."""
    return session.scalars(
        select(Disruption).where(Disruption.office_id == office_id, Disruption.ended_at.is_(None))
    ).one_or_none()


def begin_disruption(
    session: Session,
    office_id: int,
    kind: DisruptionKind,
    *,
    expected_until: datetime | None,
    actor: Actor,
    now: datetime,
) -> Disruption:
    """Stop calling at an office. While one lasts a second one changes nothing."""
    # All who press wait for this one row, so that two of them begin one disruption.
    session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True))
    if lasting := disruption_of(session, office_id):
        return lasting
    disruption = Disruption(
        office_id=office_id, kind=kind, started_at=now, started_by=actor.label, expected_until=expected_until
    )
    session.add(disruption)
    session.flush()
    _record(session, "office.disrupted", disruption, actor=actor, now=now)
    return disruption


def end_disruption(
    session: Session, office_id: int, *, close: tuple[str, str] | None, actor: Actor, now: datetime
) -> Disruption:
    """Go on; or with ``close``, the reason in both languages, send home whoever is left today: the day is closed, and
    they are listed as affected and told. Raises NotDisrupted when it is over already.
    """
    disruption = session.scalars(
        select(Disruption).where(Disruption.office_id == office_id, Disruption.ended_at.is_(None)).with_for_update()
    ).one_or_none()
    if disruption is None:
        raise NotDisrupted()
    disruption.ended_at, disruption.ended_by, disruption.closed_day = now, actor.label, close is not None
    session.flush()
    _record(session, "office.closed_today" if close else "office.resumed", disruption, actor=actor, now=now)
    if close:
        _send_home(session, office_id, close, actor=actor, now=now)
    return disruption


def left_today(session: Session, office_id: int, *, now: datetime) -> Sequence[Ticket]:
    """Those of today whom nobody has served: still to come, or waiting in the hall."""
    office = session.get_one(Office, office_id)
    return session.scalars(
        select(Ticket)
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where(Ticket.office_id == office_id, Ticket.day == office_date(now, office.time_zone))
        .where((Ticket.state == TicketState.BOOKED) | Visit.state.in_(LEFT_WAITING))
        .order_by(Ticket.starts_at, Ticket.queue_number)
    ).all()


def _send_home(session: Session, office_id: int, close: tuple[str, str], *, actor: Actor, now: datetime) -> None:
    """The same act as any other closure: those who are left are offered places, and told once, by the job."""
    today = office_date(now, session.get_one(Office, office_id).time_zone)
    new = NewClosure(ClosedTime(today, today), *close, ClosureKind.TODAY)
    closure = draft(session, office_id, new, actor=actor, now=now)
    try:
        confirm(session, closure.id, office_id=office_id, actor=actor, now=now)
    except InvalidClosure:  # the last windows are over: nothing to close
        discard(session, closure.id, office_id=office_id, actor=actor, now=now)


def _record(session: Session, action: str, disruption: Disruption, *, actor: Actor, now: datetime) -> None:
    audit.record(
        session,
        action,
        "disruption",
        disruption.id,
        actor=actor,
        now=now,
        office_id=disruption.office_id,
        after={"kind": disruption.kind},
    )
