"""Record a failure of data protection, tell everybody once, and write down who was telephoned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from queue_app.domain.breaches import BreachedData, InvalidBreach, check_breach, read_breach_text, unfilled
from queue_app.domain.errors import NotFound
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Actor
from queue_app.models import Booking, Breach, BreachNotice, BreachService
from queue_app.queries.privacy.breaches import breach_at, concerned
from queue_app.services.records import audit, outbox
from queue_app.services.records.upsert import insert_absent


@dataclass(frozen=True)
class BreachFacts:
    """What the office writes down. ``notice_en`` may be empty: then everybody reads the Indonesian text."""

    happened: str
    noticed_at: datetime
    data: tuple[BreachedData, ...]
    first_day: date
    last_day: date
    services: tuple[int, ...]
    notice_id: str
    notice_en: str = ""


def record_breach(session: Session, facts: BreachFacts, *, office_id: int, actor: Actor, now: datetime) -> Breach:
    """The clock runs from when it was noticed. Raises InvalidBreach."""
    breach = Breach(office_id=office_id, created_at=now, created_by=actor.label)
    _write(breach, facts, now=now)
    session.add(breach)
    session.flush()
    _record(session, "breach.recorded", breach, actor=actor, now=now, after=_said(facts))
    return breach


def edit_breach(
    session: Session, breach_id: int, facts: BreachFacts, *, office_id: int, actor: Actor, now: datetime
) -> Breach:
    """Until people are told. Raises NotFound, InvalidBreach (``told``)."""
    breach = _locked(session, breach_id, office_id)
    if breach.told_at is not None:
        raise InvalidBreach(reason="told")
    _write(breach, facts, now=now)
    session.flush()
    _record(session, "breach.edited", breach, actor=actor, now=now, after=_said(facts))
    return breach


def tell(session: Session, breach_id: int, *, office_id: int, actor: Actor, now: datetime) -> Breach:
    """From now on it is told; a job writes to everybody. Telling once more changes nothing.

    Raises NotFound, InvalidBreach (``template``) as long as the text has places that nobody has filled in.
    """
    breach = _locked(session, breach_id, office_id)
    if breach.told_at is None:
        if unfilled(breach.notice_id) or unfilled(breach.notice_en):
            raise InvalidBreach(reason="template")
        breach.told_at, breach.told_by = now, actor.label
        session.flush()
        _record(session, "breach.told", breach, actor=actor, now=now)
    return breach


def spread(session: Session, breach_id: int, *, now: datetime, limit: int = 500) -> int:
    """Give a notice to those who have none yet, and queue the message of whoever has an address; return how many.

    A booking without a notice is what is still to do: killed anywhere, the next run goes on, and nobody is told twice.
    """
    breach = session.get_one(Breach, breach_id)
    told = select(BreachNotice.id).where(BreachNotice.booking_id == Booking.id, BreachNotice.breach_id == breach_id)
    bookings = session.scalars(
        select(Booking).where(Booking.id.in_(concerned(breach)), ~told.exists()).order_by(Booking.id).limit(limit)
    ).all()
    rows = [{"breach_id": breach_id, "booking_id": one.id, "to_call": one.email is None} for one in bookings]
    new = {booking_id for _, booking_id in insert_absent(session, BreachNotice, ["breach_id", "booking_id"], rows)}
    for booking in bookings:
        if booking.id in new and booking.email is not None and breach.told_at is not None:
            outbox.queue(session, booking, MessageKind.BREACH, due_at=breach.told_at)
    if not bookings:
        breach.spread_at = now
    session.flush()
    return len(bookings)


def report_to_authority(session: Session, breach_id: int, *, office_id: int, actor: Actor, now: datetime) -> Breach:
    """That the authority was told in writing, outside this program. Raises NotFound."""
    breach = _locked(session, breach_id, office_id)
    if breach.authority_at is None:
        breach.authority_at, breach.authority_by = now, actor.label
        session.flush()
        _record(session, "breach.reported", breach, actor=actor, now=now)
    return breach


def record_told(session: Session, notice_id: int, *, office_id: int, staff_id: int, now: datetime) -> Breach:
    """Somebody was telephoned; who did it first stays written down. Raises NotFound."""
    notice = session.get(BreachNotice, notice_id)
    if notice is None or notice.breach.office_id != office_id:
        raise NotFound()
    first = session.execute(
        update(BreachNotice)
        .where(BreachNotice.id == notice_id, BreachNotice.called_at.is_(None))
        .values(called_at=now, called_by=staff_id)
        .returning(BreachNotice.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if first is not None:
        after = {"booking": notice.booking_id}
        _record(session, "breach.called", notice.breach, actor=Actor.staff(staff_id), now=now, after=after)
    return notice.breach


def record_export(session: Session, breach_id: int, *, office_id: int, as_: str, actor: Actor, now: datetime) -> Breach:
    """Who has taken the list of those concerned, before any of it leaves. Raises NotFound."""
    breach = breach_at(session, breach_id, office_id)
    _record(session, "breach.exported", breach, actor=actor, now=now, after={"format": as_})
    return breach


def breaches_to_spread(session: Session) -> Iterable[int]:
    waiting = select(Breach.id).where(Breach.told_at.is_not(None), Breach.spread_at.is_(None)).order_by(Breach.id)
    return session.scalars(waiting).all()


def _locked(session: Session, breach_id: int, office_id: int) -> Breach:
    breach = breach_at(session, breach_id, office_id)
    session.refresh(breach, with_for_update={"key_share": True, "of": Breach})
    return breach


def _write(breach: Breach, facts: BreachFacts, *, now: datetime) -> None:
    check_breach(facts.first_day, facts.last_day, facts.noticed_at, now=now)
    if not facts.data:
        raise InvalidBreach(reason="data")
    breach.happened = read_breach_text(facts.happened)
    breach.notice_id = read_breach_text(facts.notice_id)
    breach.notice_en = read_breach_text(facts.notice_en or facts.notice_id)
    breach.noticed_at, breach.data = facts.noticed_at, ",".join(facts.data)
    breach.first_day, breach.last_day = facts.first_day, facts.last_day
    breach.services = [BreachService(service_id=one) for one in sorted(set(facts.services))]


def _said(facts: BreachFacts) -> dict[str, Any]:
    return {
        "first_day": facts.first_day.isoformat(),
        "last_day": facts.last_day.isoformat(),
        "breached": list(facts.data),
    }


def _record(
    session: Session,
    action: str,
    breach: Breach,
    *,
    actor: Actor,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    office_id = breach.office_id
    audit.record(session, action, "breach", breach.id, actor=actor, now=now, office_id=office_id, after=after)
