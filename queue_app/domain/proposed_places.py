"""The new places that a closure proposes to those who were booked (`docs/rules.md` R-CLOSE-3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from .calendar import Share
from .priority import Channel, Priority, shares_open_to


@dataclass(frozen=True)
class Party:
    """Those of one booking who lose their place on a ``day`` together, and the shares they may have another one of."""

    booking_id: int
    service_id: int
    office_id: int
    day: date
    places: int
    priority: Priority | None
    channel: Channel

    @property
    def shares(self) -> tuple[Share, ...]:
        """The public ones first: what is kept for others only where nothing else is as early."""
        if self.channel in (Channel.ONLINE, Channel.PARTNER):
            return (Share.PUBLIC, Share.PRIORITY) if self.priority else (Share.PUBLIC,)
        kept = shares_open_to(self.priority, walk_in=False, released=False)
        return (Share.PUBLIC, *(share for share in kept if share is not Share.PUBLIC))


@dataclass
class Room:
    """A slot that could take somebody: ``free`` places of its quota, and ``extra`` ones that may be added to it.
    ``day``: its date at the office.
    """

    slot_id: int
    service_id: int
    office_id: int
    day: date
    starts_at: datetime
    share: Share
    free: int
    extra: int = 0


@dataclass(frozen=True)
class Proposal:
    """``extra``: places that have to be added to the slot for it."""

    slot_id: int
    extra: int


def propose(parties: Iterable[Party], rooms: Sequence[Room]) -> dict[int, Proposal | None]:
    """A place for each booking, in the order of `precedence`; None for those who fit nowhere.

    Each gets the earliest slot of the same service, on their day or later, that takes the whole party, at their own
    office if it has one, else at another one among ``rooms``. A day before theirs, which they may hear of too late,
    only where nothing else is left, and the last such day. What is given to one is not there for the next.
    """
    shelves: dict[int, _Shelf] = {}
    for room in sorted(rooms, key=lambda room: (room.starts_at, room.slot_id)):
        shelves.setdefault(room.service_id, _Shelf()).rooms.append(room)
    return {
        party.booking_id: shelves.get(party.service_id, _Shelf()).give(party)
        for party in sorted(parties, key=precedence)
    }


def precedence(party: Party) -> tuple[bool, int]:
    """Priority first, then whoever booked first."""
    return (party.priority is None, party.booking_id)


@dataclass
class _Shelf:
    """The rooms of one service in the order of time. What was empty for one kind of asker is not looked at again."""

    rooms: list[Room] = field(default_factory=list)
    _from: dict[tuple[object, ...], int] = field(default_factory=dict)

    def give(self, party: Party) -> Proposal | None:
        ways = ((earlier, own_office) for earlier in (False, True) for own_office in (True, False))
        found = next(filter(None, (self._find(party, *way) for way in ways)), None)
        if found is None:
            return None
        extra = max(0, party.places - max(found.free, 0))
        found.free -= party.places - extra
        found.extra -= extra
        return Proposal(found.slot_id, extra)

    def _find(self, party: Party, earlier: bool, own_office: bool) -> Room | None:
        """Rooms only ever lose places: for those who ask for as much of the same, whatever lies before is in vain."""
        asks = (party.office_id, earlier, own_office, party.day, party.shares, party.places)
        rooms = self._backwards if earlier else self.rooms
        start = self._from.get(asks, 0)
        best: Room | None = None
        for index in range(start, len(rooms)):
            room = rooms[index]
            if best is not None and room.starts_at != best.starts_at:
                break
            fits = room.share in party.shares and (room.office_id == party.office_id) is own_office
            if not fits or (room.day < party.day) is not earlier or max(room.free, 0) + room.extra < party.places:
                continue
            if best is None:
                self._from[asks] = index
            if best is None or party.shares.index(room.share) < party.shares.index(best.share):
                best = room
        if best is None:
            self._from[asks] = len(rooms)
        return best

    @cached_property
    def _backwards(self) -> list[Room]:
        """The last day first, and of each day the hours in order."""
        return sorted(self.rooms, key=lambda room: room.day, reverse=True)
