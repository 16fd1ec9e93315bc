"""Taking and returning places: the only code that changes `slot.booked`.

Each step is one conditional statement, so that two people can never get one place. Whoever needs several rows locks
slots first (in id order), then the day, then tickets: one order everywhere, so nobody waits in a circle. Whoever
makes or changes days locks the calendar before all of them; those who book never touch it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from queue_app.domain.errors import DayClosed, NotFound, SlotFull
from queue_app.models import OfficeService, ServiceDay, Slot

from .driver import execute

# The rule that no place is given twice, in the one wording that everybody who takes a place uses.
TAKE_PLACES = """
    UPDATE slot
    SET booked = booked + :places, next_number = next_number + :places
    WHERE id = :slot_id AND accepts
      AND booked + :places <= capacity
      AND next_number + :places - 1 <= last_number
    RETURNING id AS slot_id, office_id, service_id, day, starts_at, next_number - :places AS first_number
"""
# Of a statement that seals, indexes or has read something by keys: they are in force still. Who changes them has the
# table for themselves meanwhile, so it costs no lock.
KEYS_IN_FORCE = "NOT EXISTS (SELECT 1 FROM key_check WHERE name = 'all' AND value <> :keys)"
# The same for whoever gives a ticket to somebody.
TAKE_UNDER_KEYS = TAKE_PLACES.replace("RETURNING", f"AND {KEYS_IN_FORCE}\n    RETURNING")
# The same row for places that were taken before and are held.
HELD_PLACES = """
    SELECT id AS slot_id, office_id, service_id, day, starts_at, :first_number AS first_number FROM slot
    WHERE id = :slot_id
"""
# Of PostgreSQL; see `lock_slots`.
LOCK_IN_ORDER = "SELECT id FROM slot WHERE id = ANY(:slots) ORDER BY id FOR NO KEY UPDATE"
EXTENSION = 50  # queue numbers added to a slot whose block is used up by cancellations


def claim_places(session: Session, slot_id: int, places: int) -> tuple[Any, ...]:
    """Take ``places`` in a slot, all or none; the row of `TAKE_PLACES`, with the first of as many consecutive queue
    numbers at its end. Raises SlotFull, DayClosed or NotFound.
    """
    taking = {"slot_id": slot_id, "places": places}
    taken = execute(session.connection(), TAKE_PLACES, taking).fetchone()
    if taken is None:
        make_room_or_refuse(session, slot_id, places)
        taken = execute(session.connection(), TAKE_PLACES, taking).fetchone()
    if taken is None:
        raise SlotFull()
    return tuple(taken)


def held_places(session: Session, slot_id: int, first_number: int | None) -> tuple[Any, ...]:
    """The row that `claim_places` gave when these places were taken."""
    held = {"slot_id": slot_id, "first_number": first_number}
    return tuple(execute(session.connection(), HELD_PLACES, held).fetchone())


def make_room_or_refuse(session: Session, slot_id: int, places: int) -> None:
    """After a claim that failed: raise why; or, when only the queue numbers ran out, add some and return."""
    _explain(session, slot_id, places)
    _extend_numbers(session, slot_id, places)


def _explain(session: Session, slot_id: int, places: int) -> None:
    """Raise the reason why a claim failed; return when only the queue numbers ran out."""
    slot = session.scalars(
        select(Slot).where(Slot.id == slot_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one_or_none()
    if slot is None:
        raise NotFound()
    if not slot.accepts:
        raise DayClosed()
    if slot.booked + places > slot.capacity:
        raise SlotFull()


def _extend_numbers(session: Session, slot_id: int, places: int) -> None:
    """Give a slot a further block above all numbers of its day. The rest of the old block stays unused."""
    service_day_id = session.execute(select(Slot.service_day_id).where(Slot.id == slot_id)).scalar_one()
    size = max(EXTENSION, places)
    first = take_numbers(session, service_day_id, size)
    session.execute(
        update(Slot)
        .where(Slot.id == slot_id)
        .values(next_number=first, last_number=first + size - 1)
        .execution_options(synchronize_session=False)
    )


def take_numbers(session: Session, service_day_id: int, size: int) -> int:
    """Reserve the next ``size`` queue numbers of a day that no slot owns; return the first."""
    after: int = session.execute(
        update(ServiceDay)
        .where(ServiceDay.id == service_day_id)
        .values(next_block=ServiceDay.next_block + size)
        .returning(ServiceDay.next_block)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return after - size


def release_places(session: Session, slot_id: int, places: int) -> None:
    """Give places back; their queue numbers stay used.

    What was only there for who held it goes in the same statement: nobody can book it in between.
    """
    left = Slot.booked - places
    session.execute(
        update(Slot)
        .where(Slot.id == slot_id)
        .values(booked=left, capacity=case((left > Slot.planned, left), else_=Slot.planned))
        .execution_options(synchronize_session=False)
    )


def set_capacity(session: Session, slot_id: int, planned: int) -> int:
    """Set the places that a slot is to have; return how many it has: never less than are booked."""
    result: int = session.execute(
        update(Slot)
        .where(Slot.id == slot_id)
        .values(planned=planned, capacity=case((Slot.booked > planned, Slot.booked), else_=planned))
        .returning(Slot.capacity)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return result


def add_places(session: Session, slot_id: int, places: int) -> None:
    """Widen a slot by so many places."""
    session.execute(
        update(Slot)
        .where(Slot.id == slot_id)
        .values(capacity=Slot.capacity + places)
        .execution_options(synchronize_session=False)
    )


def narrow(session: Session, slot_id: int) -> None:
    """Take back what was added to a slot and is free: nobody else gets it. (A release does so by itself.)"""
    session.execute(
        update(Slot)
        .where(Slot.id == slot_id)
        .values(capacity=case((Slot.booked > Slot.planned, Slot.booked), else_=Slot.planned))
        .execution_options(synchronize_session=False)
    )


def move_places(session: Session, slot_id: int, other_id: int, places: int) -> dict[int, int]:
    """Give free places of a slot to another one; return the planned places of each.

    The condition stands beside the check constraint: nobody's place goes, and none comes to be twice. Raises SlotFull.
    """
    taken = session.execute(
        update(Slot)
        .where(Slot.id == slot_id, Slot.planned - places >= Slot.booked)
        .values(planned=Slot.planned - places, capacity=Slot.capacity - places)
        .returning(Slot.planned)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if taken is None:
        raise SlotFull()
    given = session.execute(
        update(Slot)
        .where(Slot.id == other_id)
        .values(planned=Slot.planned + places, capacity=Slot.capacity + places)
        .returning(Slot.planned)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return {slot_id: taken, other_id: given}


def lock_calendars(session: Session, *which: ColumnElement[bool]) -> None:
    """Let those who make or change the days of a service at an office go one after the other.

    Else days made a moment after a new schedule or holiday could still follow what was in force before it.
    """
    session.execute(select(OfficeService.id).where(*which).order_by(OfficeService.id).with_for_update(key_share=True))


def lock_slots(session: Session, *which: ColumnElement[bool]) -> None:
    """Lock slot rows in id order until the end of the transaction (SQLite's writer lock does it already).

    Like every lock on rows here it lets others insert rows that name these (`key_share`): no key ever changes, and a
    ticket or an offer that waited for the slot it names would be waited for in turn by who holds that slot.
    """
    session.execute(select(Slot.id).where(*which).order_by(Slot.id).with_for_update(key_share=True))
