"""Another time zone for an office: its coming hours stay what they are on the clock of the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from queue_app.domain.booking import HOLDING_STATES
from queue_app.domain.clock import ZONE_LABELS, office_date, office_instant
from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup
from queue_app.domain.visits import UNFINISHED
from queue_app.models import Office, OfficeService, Slot, Ticket, Visit
from queue_app.services.booking.places import lock_calendars, lock_slots
from queue_app.services.records import audit


@dataclass(frozen=True)
class ZoneEffect:
    """What moves: slots of today and later, on how many days, and the people who hold places in them.

    ``first``: the first of these slots, at its instant before and after.
    """

    slots: int
    days: int
    people: int
    first: tuple[datetime, datetime] | None


def preview_zone(session: Session, office_id: int, zone: str, *, now: datetime) -> ZoneEffect:
    """Raises NotFound, InvalidSetup (``zone``)."""
    office = _with_zone(session.get(Office, office_id), zone)
    here = _coming(office, now=now)
    slots, days = session.execute(select(func.count(Slot.id), func.count(Slot.day.distinct())).where(*here)).one()
    people = select(func.count(Ticket.id)).join(Slot, Slot.id == Ticket.slot_id)
    first = session.scalars(select(Slot).where(*here).order_by(Slot.starts_at).limit(1)).first()
    return ZoneEffect(
        slots,
        days,
        session.scalars(people.where(*here, Ticket.state.in_(HOLDING_STATES))).one(),
        (first.starts_at, _moved(first.starts_at, first.day, office.time_zone, zone)) if first else None,
    )


def change_zone(session: Session, office_id: int, zone: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """08.00 WIB becomes 08.00 WIT: the slots of today and later move, and the tickets in them.

    Raises ReasonRequired, NotFound; InvalidSetup (``zone``; ``people_waiting`` while somebody of today is in the hall:
    the order of those who wait goes by the instant of their hour).
    """
    reason = read_reason(reason)
    office = _with_zone(session.get(Office, office_id, with_for_update={"key_share": True}), zone)
    if office.time_zone == zone:
        return
    lock_calendars(session, OfficeService.office_id == office_id)
    here = _coming(office, now=now)
    lock_slots(session, *here)
    in_the_hall = select(Visit.ticket_id).where(
        Visit.office_id == office_id, Visit.day >= office_date(now, office.time_zone), Visit.state.in_(UNFINISHED)
    )
    if session.scalars(in_the_hall.limit(1)).first() is not None:
        raise InvalidSetup(reason="people_waiting")
    _move_slots(session, office, zone, now=now)
    of_slot = select(Slot.starts_at).where(Slot.id == Ticket.slot_id).scalar_subquery()
    moved = Ticket.slot_id.in_(select(Slot.id).where(*here))
    session.execute(update(Ticket).where(moved).values(starts_at=of_slot).execution_options(synchronize_session=False))
    before, office.time_zone = office.time_zone, zone
    session.flush()
    session.expire_all()
    audit.record(
        session,
        "office.zone",
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before={"time_zone": before},
        after={"time_zone": zone},
        reason=reason,
    )


def _with_zone(office: Office | None, zone: str) -> Office:
    if zone not in ZONE_LABELS:
        raise InvalidSetup(reason="zone")
    if office is None:
        raise NotFound()
    return office


def _coming(office: Office, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Slot.office_id == office.id, Slot.day >= office_date(now, office.time_zone)


def _moved(instant: datetime, day: date, before: str, after: str) -> datetime:
    return office_instant(day, instant.astimezone(ZoneInfo(before)).time(), after)


def _move_slots(session: Session, office: Office, zone: str, *, now: datetime) -> None:
    """In the order in which no slot comes to lie where the next one still is: their hours are unique at each step."""
    rows = session.execute(
        select(Slot.id, Slot.day, Slot.starts_at, Slot.ends_at)
        .where(*_coming(office, now=now))
        .order_by(Slot.starts_at)
    ).all()
    moved = [
        {
            "id": row.id,
            "starts_at": _moved(row.starts_at, row.day, office.time_zone, zone),
            "ends_at": _moved(row.ends_at, row.day, office.time_zone, zone),
        }
        for row in rows
    ]
    if rows and moved[0]["starts_at"] > rows[0].starts_at:
        moved.reverse()
    if moved:
        session.execute(update(Slot), moved)
