"""Places of a day or an hour by what became of them: numbers beside each other that can be added up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from queue_app.domain.closures import OfferState
from queue_app.models import Closure, Offer, Slot


@dataclass(frozen=True)
class Places:
    """Over all shares. Of the hours that are open, or were over when a closure began, the ``quota`` is ``booked`` +
    ``held`` + ``left`` + ``past``.

    ``held``: kept for people of a closure until they answer; ``past``: nobody's, in hours that have ended. Beside the
    quota: ``closed``, the places of hours or of a whole day that a closure or a holiday took, and ``affected``, those
    of them that are still booked.
    """

    quota: int = 0
    booked: int = 0
    held: int = 0
    left: int = 0
    past: int = 0
    closed: int = 0
    affected: int = 0

    def __add__(self, other: Places) -> Places:
        return Places(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Places)))


def sums_of_places(now: datetime) -> list[ColumnElement[Any]]:
    """The columns of `Places` for a statement that groups slots, none of them counting as nothing."""
    held = func.coalesce(
        select(func.sum(Offer.places))
        .where(Offer.slot_id == Slot.id, Offer.state == OfferState.OPEN)
        .scalar_subquery(),
        0,
    )
    closed_at = select(Closure.confirmed_at).where(Closure.id == Slot.closure_id).scalar_subquery()
    given = Slot.accepts | (Slot.ends_at <= closed_at)
    free = Slot.capacity - Slot.booked
    counted = [
        case((given, Slot.capacity), else_=0),
        case((given, Slot.booked - held), else_=0),
        case((given, held), else_=0),
        case((given & (Slot.ends_at > now), free), else_=0),
        case((given & (Slot.ends_at <= now), free), else_=0),
        case((given, 0), else_=Slot.capacity),
        case((given, 0), else_=Slot.booked),
    ]
    return [func.coalesce(func.sum(value), 0) for value in counted]
