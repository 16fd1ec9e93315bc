"""The verdict on a rush: is every place given once, and everything that was promised still there?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """A booking that the server acknowledged with 201."""

    slot_id: int
    request_key: str
    code: str
    queue_number: str


@dataclass(frozen=True)
class Stored:
    """A ticket in the database that holds a place."""

    slot_id: int
    code: str
    queue_number: str


@dataclass(frozen=True)
class Rush:
    """What happened in a rush. ``full`` counts the refusals "slot_full" of each slot, ``unanswered`` lost answers."""

    capacity: Mapping[int, int]
    promises: Sequence[Promise]
    stored: Sequence[Stored]
    full: Mapping[int, int]
    unanswered: int = 0


def faults(rush: Rush) -> list[str]:
    """Every way in which the rush was not exact, in words; empty when it was."""
    found = []
    per_slot = Counter(ticket.slot_id for ticket in rush.stored)
    for slot_id, capacity in rush.capacity.items():
        if per_slot[slot_id] > capacity:
            found.append(f"slot {slot_id} is oversold: {per_slot[slot_id]} tickets on {capacity} places")
        if rush.full.get(slot_id) and per_slot[slot_id] < capacity:
            found.append(f"slot {slot_id} lost places: called full with {per_slot[slot_id]} of {capacity} given")
    found += [
        f"number {number} of slot {slot_id} was given {count} times"
        for (slot_id, number), count in Counter((ticket.slot_id, ticket.queue_number) for ticket in rush.stored).items()
        if count > 1
    ]
    codes = {ticket.code: ticket for ticket in rush.stored}
    by_code: dict[str, set[str]] = {}
    by_request: dict[str, set[str]] = {}
    for promise in rush.promises:
        by_code.setdefault(promise.code, set()).add(promise.request_key)
        by_request.setdefault(promise.request_key, set()).add(promise.code)
        ticket = codes.get(promise.code)
        if ticket is None:
            found.append(f"booking {promise.code} was acknowledged and is not stored")
        elif (ticket.slot_id, ticket.queue_number) != (promise.slot_id, promise.queue_number):
            found.append(f"booking {promise.code} is stored with another slot or number than it was acknowledged")
    found += [
        f"booking {code} was acknowledged to {len(keys)} requests" for code, keys in by_code.items() if len(keys) > 1
    ]
    found += [f"one request got {len(made)} bookings: {sorted(made)}" for made in by_request.values() if len(made) > 1]
    phantoms = len(codes.keys() - by_code.keys())
    if phantoms > rush.unanswered:
        found.append(f"{phantoms} bookings are stored that nobody was told of, with {rush.unanswered} answers lost")
    return found
