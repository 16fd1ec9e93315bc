"""Book for many at once: the same look and the same claim as for one, with one flush to disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from queue_app.domain.errors import DomainError
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor

from .book import Booked, given
from .claim import NewBooking, claim_many
from .first_look import look_at_each
from .request import BookingRequest, persons_of, require_granted, seal, sought


@dataclass(frozen=True)
class Asked:
    """A request, and who makes it."""

    request: BookingRequest
    actor: Actor


def book_many(
    connection: Connection, many: Sequence[Asked], *, keyring: Keyring, now: datetime
) -> list[Booked | DomainError | None]:
    """`book_alone` for several, for one person each; none of them shares a person or a request key with another one.

    Who cannot have what was asked for gets the reason. None stands for whoever has to ask alone: whose request was
    stored before, who needs a new block of numbers, or met what has changed since the look. Neither has changed
    anything.
    """
    persons = [persons_of(asked.request, keyring) for asked in many]
    seen = look_at_each(connection, [sought(one.request, of) for one, of in zip(many, persons, strict=True)])
    ready: dict[int, NewBooking] = {}
    refused: dict[int, DomainError] = {}
    for number, (asked, slot) in enumerate(zip(many, seen, strict=True)):
        if slot is None or slot.stored_id is not None:
            continue
        try:
            require_granted(slot, asked.request, now=now)
        except DomainError as refusal:
            refused[number] = refusal
        else:
            ready[number] = seal(asked.request, slot, persons[number], keyring, actor=asked.actor, now=now)
    stored = dict(zip(ready, claim_many(connection, list(ready.values())) if ready else (), strict=True))
    return [given(ready[n], of) if (of := stored.get(n)) else refused.get(n) for n in range(len(many))]
