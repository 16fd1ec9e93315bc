"""The people whom a closure concerns, and the slots that could take them: what a preview and the carrying out read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.booking import TicketState
from queue_app.domain.calendar import BookingRules, Share
from queue_app.domain.clock import office_date
from queue_app.domain.closures import NOTICE, STANDING, ClosureState, OfferState
from queue_app.domain.errors import DomainError
from queue_app.domain.proposed_places import Party, Room
from queue_app.domain.stages import LEFT_WAITING
from queue_app.domain.tickets import show_number
from queue_app.models import Booking, Closure, Offer, OfficeService, Slot, Ticket, Visit


@dataclass(frozen=True)
class Affected:
    """The people of one booking who lose their place. ``offer_id``: of an earlier closure, whose held place this one
    takes; ``has_email``: whether a message reaches them.
    """

    party: Party
    code: str
    numbers: tuple[str, ...]
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    has_email: bool
    offer_id: int | None = None

    @property
    def booking_id(self) -> int:
        return self.party.booking_id


def slots_to_take(session: Session, closure: Closure, *, now: datetime) -> list[Slot]:
    """The slots that a draft would take out: those of its time that are open and not over. Of a whole day also the
    hours gone by, as long as the day goes on: who is late for them is still expected.
    """
    time, zone = closure.time, closure.office.time_zone
    today = office_date(now, zone)
    slots = session.scalars(
        select(Slot)
        .where(Slot.office_id == closure.office_id, Slot.accepts)
        .where(Slot.day.between(max(closure.first_day, today), closure.last_day))
        .order_by(Slot.id)
        .execution_options(populate_existing=True)
    ).all()
    covered = [
        slot
        for slot in slots
        if time.covers(slot.service_id, slot.starts_at, slot.ends_at, zone, planned=slot.planned)
        and (slot.booked or not time.only_dropped)
    ]
    if not time.whole_days:
        return [slot for slot in covered if slot.ends_at > now]
    goes_on = {slot.service_day_id for slot in covered if slot.ends_at > now}
    return [slot for slot in covered if slot.service_day_id in goes_on]


def affected_in(session: Session, closure: Closure, slot_ids: Iterable[int]) -> list[Affected]:
    """Whom a draft would concern that takes these slots."""
    return _affected(session, closure, set(slot_ids), Slot.accepts.is_(True))


def without_offer(session: Session, closure: Closure, booking_ids: Collection[int] | None = None) -> list[Affected]:
    """Whom a confirmed closure concerns and who has no offer yet; of all bookings, or of these."""
    which = [Slot.closure_id == closure.id, ~_offered(closure)]
    if booking_ids is not None:
        which.append(Ticket.booking_id.in_(booking_ids))
    return _affected(session, closure, None, *which)


def _offered(closure: Closure) -> ColumnElement[bool]:
    offers = select(Offer.id).where(Offer.closure_id == closure.id, Offer.booking_id == Ticket.booking_id)
    return offers.exists()


def _affected(
    session: Session, closure: Closure, slot_ids: set[int] | None, *which: ColumnElement[bool]
) -> list[Affected]:
    """Of each booking those who are still to come, or were not served; and of earlier closures those to whom a place
    was offered that this one takes.
    """
    columns = (
        *(Ticket.booking_id, Ticket.service_id, Ticket.office_id, Ticket.letter, Ticket.queue_number, Ticket.priority),
        *(Ticket.slot_id, Slot.day, Slot.starts_at, Slot.ends_at),
        *(Booking.code, Booking.channel, Booking.email.is_not(None).label("has_email")),
    )
    left = (Ticket.state == TicketState.BOOKED) | Visit.state.in_(LEFT_WAITING)
    of_tickets = (
        select(*columns)
        .join(Slot, Slot.id == Ticket.slot_id)
        .join(Booking, Booking.id == Ticket.booking_id)
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .where(Ticket.office_id == closure.office_id)
        .where(Ticket.day.between(closure.first_day, closure.last_day), left, *which)
        .order_by(Ticket.booking_id, Ticket.position)
    )
    rows = [row for row in session.execute(of_tickets) if slot_ids is None or row.slot_id in slot_ids]
    found = _grouped((row, None) for row in rows)
    return found + _stranded(session, closure, slot_ids, columns, left)


def _stranded(
    session: Session, closure: Closure, slot_ids: set[int] | None, columns: Any, left: ColumnElement[bool]
) -> list[Affected]:
    held = aliased(Slot)
    lost = held.closure_id == closure.id if slot_ids is None else held.office_id == closure.office_id
    rows = session.execute(
        select(*columns, Offer.id.label("offer_id"), Offer.slot_id.label("held"))
        .join(Offer, (Offer.booking_id == Ticket.booking_id) & (Offer.old_slot_id == Ticket.slot_id))
        .join(held, held.id == Offer.slot_id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .join(Booking, Booking.id == Ticket.booking_id)
        .outerjoin(Visit, Visit.ticket_id == Ticket.id)
        .join(Closure, Closure.id == Offer.closure_id)
        # Those of a revoked one are taken back by themselves.
        .where(Offer.state == OfferState.OPEN, Closure.state.in_(STANDING), lost, left)
        .where(held.day.between(closure.first_day, closure.last_day))
        .order_by(Ticket.booking_id, Ticket.position)
    )
    return _grouped((row, row.offer_id) for row in rows if slot_ids is None or row.held in slot_ids)


def _grouped(rows: Iterable[tuple[Any, int | None]]) -> list[Affected]:
    groups: dict[tuple[int, int | None], list[Any]] = {}
    for row, offer_id in rows:
        groups.setdefault((row.booking_id, offer_id), []).append(row)
    return [_one(group, offer_id) for (_booking, offer_id), group in groups.items()]


def _one(rows: Sequence[Any], offer_id: int | None) -> Affected:
    first = rows[0]
    priority = next((row.priority for row in rows if row.priority), None)
    party = Party(first.booking_id, first.service_id, first.office_id, first.day, len(rows), priority, first.channel)
    return Affected(
        party=party,
        code=first.code,
        numbers=tuple(show_number(row.letter, row.queue_number) for row in rows),
        slot_id=first.slot_id,
        starts_at=first.starts_at,
        ends_at=first.ends_at,
        has_email=first.has_email,
        offer_id=offer_id,
    )


def rooms_for(
    session: Session, closure: Closure, affected: Iterable[Affected], *, taken: Iterable[int] = (), now: datetime
) -> list[Room]:
    """The slots that could be proposed: of the same services, open to booking now and not before people can have read
    of it; of this office, and of the others if the closure allows it. Not those ``taken`` by the draft itself.
    """
    services, taken = {one.party.service_id for one in affected}, set(taken)
    which = [Slot.service_id.in_(services), Slot.accepts, Slot.starts_at >= now + NOTICE, OfficeService.active]
    if not closure.other_offices:
        which.append(Slot.office_id == closure.office_id)
    rows = session.execute(
        select(Slot.id, Slot.service_id, Slot.office_id, Slot.day, Slot.starts_at, Slot.share)
        .add_columns((Slot.capacity - Slot.booked).label("free"), OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == Slot.office_id) & (OfficeService.service_id == Slot.service_id),
        )
        .where(*which, Slot.planned > 0)
        .order_by(Slot.starts_at, Slot.id)
    ).all()
    added = _extra_given(session, closure)
    rules: dict[tuple[int, int], BookingRules] = {}
    rooms = []
    for row in rows:
        key = (row.office_id, row.service_id)
        rule = rules.setdefault(key, row.OfficeService.booking_rules)
        widened = row.office_id == closure.office_id and row.share is Share.PUBLIC
        extra = max(0, closure.extra_places - added.get(row.id, 0)) if widened else 0
        if row.id in taken or row.free + extra <= 0 or not _bookable(rule, row, now):
            continue
        rooms.append(Room(row.id, row.service_id, row.office_id, row.day, row.starts_at, row.share, row.free, extra))
    return rooms


def _bookable(rule: BookingRules, row: Row[Any], now: datetime) -> bool:
    try:
        rule.check_bookable(row.day, row.starts_at, now=now)
    except DomainError:
        return False
    return True


def _extra_given(session: Session, closure: Closure) -> dict[int, int]:
    """How many places this closure has added to each slot."""
    if closure.state is ClosureState.DRAFT or not closure.extra_places:
        return {}
    rows: Sequence[Any] = session.execute(
        select(Offer.slot_id, func.sum(Offer.extra))
        .where(Offer.closure_id == closure.id, Offer.extra > 0)
        .where(Offer.state.in_([OfferState.OPEN, OfferState.ACCEPTED]))
        .group_by(Offer.slot_id)
    ).all()
    return {slot_id: int(extra) for slot_id, extra in rows}
