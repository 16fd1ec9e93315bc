"""Disruptions: calling stops for some services or all, everybody keeps their place, and is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.closures import ClosedTime, ClosureKind, InvalidClosure
from queue_app.domain.errors import NotDisrupted, NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.stages import LEFT_WAITING
from queue_app.models import Disruption, DisruptionKind, Office, OfficeService, Service, Ticket, Visit
from queue_app.services.calendar.closures import NewClosure, confirm, discard, draft
from queue_app.services.records import audit


def disruptions_of(session: Session, office_id: int) -> Sequence[Disruption]:
    """All that keep the office, or some of its services, from serving just now; the oldest first."""
    return session.scalars(
        select(Disruption)
        .where(Disruption.office_id == office_id, Disruption.ended_at.is_(None))
        .order_by(Disruption.id)
        .execution_options(populate_existing=True)
    ).all()


def stopping(session: Session, office_id: int, service_id: int) -> Disruption | None:
    """What keeps people from being called for a service."""
    return next((one for one in disruptions_of(session, office_id) if one.stops(service_id)), None)


def begin_disruption(
    session: Session,
    office_id: int,
    kind: DisruptionKind,
    *,
    service_ids: Iterable[int] | None = None,
    expected_until: datetime | None,
    actor: Actor,
    now: datetime,
) -> Disruption:
    """Stop calling for these services; None, or all that the office gives, is the whole office.

    While one of the same kind lasts a second one only adds its services. Raises NotFound for a service that the office
    does not give.
    """
    # All who press wait for this one row, so that two of them begin one disruption.
    session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True))
    services = _services(session, office_id, service_ids)
    if lasting := next((one for one in disruptions_of(session, office_id) if one.kind is kind), None):
        _widen(session, lasting, services, actor=actor, now=now)
        return lasting
    disruption = Disruption(
        office_id=office_id,
        kind=kind,
        started_at=now,
        started_by=actor.label,
        expected_until=expected_until,
        services=services,
    )
    session.add(disruption)
    session.flush()
    _record(session, "office.disrupted", disruption, actor=actor, now=now)
    return disruption


def end_disruption(
    session: Session,
    office_id: int,
    *,
    disruption_id: int,
    close: tuple[str, str] | None,
    actor: Actor,
    now: datetime,
    confirmed_by: Actor | None = None,
) -> Disruption:
    """Go on; or with ``close``, the reason in both languages, send home whoever is left today: the day is closed for
    the services that were stopped, and those people are listed as affected and told. Raises NotDisrupted when it is
    over already.
    """
    disruption = session.scalars(
        select(Disruption)
        .where(Disruption.id == disruption_id, Disruption.office_id == office_id, Disruption.ended_at.is_(None))
        .with_for_update(key_share=True)
    ).one_or_none()
    if disruption is None:
        raise NotDisrupted()
    disruption.ended_at, disruption.ended_by, disruption.closed_day = now, actor.label, close is not None
    session.flush()
    action, more = ("office.closed_today", {"confirmed_by": confirmed_by.label if confirmed_by else None})
    if not close:
        action, more = "office.resumed", {}
    _record(session, action, disruption, actor=actor, now=now, **more)
    if close:
        _send_home(session, disruption, close, actor=actor, now=now)
    return disruption


def left_today(
    session: Session, office_id: int, *, now: datetime, disruption: Disruption | None = None
) -> Sequence[Ticket]:
    """Those of today whom nobody has served: still to come, or waiting in the hall. ``disruption``: only those whom it
    keeps from being called.
    """
    office = session.get_one(Office, office_id)
    left = (
        select(Ticket)
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where(Ticket.office_id == office_id, Ticket.day == office_date(now, office.time_zone))
        .where((Ticket.state == TicketState.BOOKED) | Visit.state.in_(LEFT_WAITING))
        .order_by(Ticket.starts_at, Ticket.queue_number)
    )
    if disruption and disruption.services:
        waits_for = func.coalesce(Visit.service_id, Ticket.service_id)
        left = left.where(waits_for.in_([service.id for service in disruption.services]))
    return session.scalars(left).all()


def _send_home(
    session: Session, disruption: Disruption, close: tuple[str, str], *, actor: Actor, now: datetime
) -> None:
    """The same act as any other closure: those who are left are offered places, and told once, by the job."""
    office_id = disruption.office_id
    today = office_date(now, session.get_one(Office, office_id).time_zone)
    services = frozenset(service.id for service in disruption.services)
    new = NewClosure(ClosedTime(today, today, services=services), *close, ClosureKind.TODAY)
    closure = draft(session, office_id, new, actor=actor, now=now)
    try:
        confirm(session, closure.id, office_id=office_id, actor=actor, now=now)
    except InvalidClosure:  # the last windows are over: nothing to close
        discard(session, closure.id, office_id=office_id, actor=actor, now=now)


def _services(session: Session, office_id: int, service_ids: Iterable[int] | None) -> list[Service]:
    """None of them for the whole office."""
    if service_ids is None:
        return []
    wanted = set(service_ids)
    given = session.scalars(
        select(Service)
        .join(OfficeService, OfficeService.service_id == Service.id)
        .where(OfficeService.office_id == office_id, OfficeService.active)
        .order_by(OfficeService.position, OfficeService.id)
    ).all()
    if not wanted or not wanted <= {service.id for service in given}:
        raise NotFound()
    return [] if len(wanted) == len(given) else [service for service in given if service.id in wanted]


def _widen(session: Session, disruption: Disruption, services: list[Service], *, actor: Actor, now: datetime) -> None:
    more = [service for service in services if not disruption.stops(service.id)]
    whole = bool(disruption.services) and not services
    if not more and not whole:
        return
    disruption.services = [] if whole else [*disruption.services, *more]
    session.flush()
    _record(session, "office.disrupted", disruption, actor=actor, now=now)


def _record(
    session: Session, action: str, disruption: Disruption, *, actor: Actor, now: datetime, **more: str | None
) -> None:
    after = {"kind": disruption.kind, "services": sorted(service.code for service in disruption.services)} | more
    audit.record(
        session,
        action,
        "disruption",
        disruption.id,
        actor=actor,
        now=now,
        office_id=disruption.office_id,
        after={name: value for name, value in after.items() if value},
    )
