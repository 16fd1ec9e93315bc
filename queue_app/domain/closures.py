"""A closure: the times it takes out, and the new places it proposes to those who are booked in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from .calendar import Share
from .clock import office_date, office_instant
from .errors import DomainError
from .priority import Channel, Priority, shares_open_to

DAYS_MAX = 92  # a quarter: longer is a typing slip
HOLD_HOURS_MAX = 14 * 24
PRECEDENCE_DAYS_MAX = 60
EXTRA_PLACES_MAX = 50
NOTICE = timedelta(hours=12)  # between being told and having to come: a night to read the message
LAST_CALL = timedelta(hours=2)  # before it begins a held place goes back, so that somebody can still use it


class InvalidClosure(DomainError):
    """``details['reason']``: date_range | past_date | too_long | hours | services | terms | nothing | not_draft |
    revoked | several_days.
    """

    code = "invalid_closure"


class OfferGone(DomainError):
    """The place that was offered is not held any more. ``details['state']``: what became of the offer."""

    code = "offer_gone"


class ClosureKind(StrEnum):
    PLANNED = "planned"
    TODAY = "today"  # a disruption ended the day: people in the hall are among those concerned
    HOLIDAY = "holiday"  # a holiday set on days that were booked


class ClosureState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"  # nobody books any more; the offers are being made
    DONE = "done"  # everybody has an offer
    REVOKED = "revoked"


STANDING = (ClosureState.CONFIRMED, ClosureState.DONE)


class OfferState(StrEnum):
    """What became of the place that somebody was offered for the one taken from them."""

    OPEN = "open"  # the place is held
    WAITING = "waiting"  # no place fits yet: they choose before others may
    LAPSED = "lapsed"  # held until its time was over; they may still choose
    ACCEPTED = "accepted"
    ELSEWHERE = "elsewhere"  # chose another place
    CANCELLED = "cancelled"
    KEPT = "kept"  # the closure was revoked, and the place they had stands
    OFFERED_BACK = "offered_back"  # revoked after they had moved: the old place is theirs while it is free


UNANSWERED = (OfferState.OPEN, OfferState.WAITING, OfferState.LAPSED)
MOVED = (OfferState.ACCEPTED, OfferState.ELSEWHERE)


@dataclass(frozen=True)
class ClosedTime:
    """Days, and of each day all or a part, that an office does not serve. ``services``: empty for all of them.

    ``only_dropped``: of these only the hours that schedule or quota has dropped and people had booked before.
    """

    first_day: date
    last_day: date
    starts_at: time | None = None
    ends_at: time | None = None
    services: frozenset[int] = frozenset()
    only_dropped: bool = False

    @property
    def whole_days(self) -> bool:
        return self.starts_at is None and not self.only_dropped

    def check(self, *, today: date) -> None:
        """Raise InvalidClosure (``reason``: date_range | past_date | too_long | hours)."""
        if self.last_day < self.first_day:
            raise InvalidClosure(reason="date_range")
        if self.last_day < today:
            raise InvalidClosure(reason="past_date")
        if (self.last_day - self.first_day).days >= DAYS_MAX:
            raise InvalidClosure(reason="too_long", maximum=DAYS_MAX)
        if (self.starts_at is None) != (self.ends_at is None):
            raise InvalidClosure(reason="hours")
        if self.starts_at is not None and self.ends_at is not None and self.ends_at <= self.starts_at:
            raise InvalidClosure(reason="hours")

    def names(self, service_id: int, day: date) -> bool:
        """Whether it is about this service on this day, if only for a part of it."""
        return self.first_day <= day <= self.last_day and (not self.services or service_id in self.services)

    def covers(self, service_id: int, starts_at: datetime, ends_at: datetime, zone: str, *, planned: int) -> bool:
        """Whether an arrival window (UTC instants) with so many places planned falls into it, even by a minute."""
        day = office_date(starts_at, zone)
        if not self.names(service_id, day) or (self.only_dropped and planned):
            return False
        if self.starts_at is None or self.ends_at is None:
            return True
        return starts_at < office_instant(day, self.ends_at, zone) and ends_at > office_instant(
            day, self.starts_at, zone
        )


@dataclass(frozen=True)
class OfferTerms:
    """What a closure offers those it concerns: places at other offices, so many ``extra_places`` in a slot beyond its
    quota, held for so long, and so many days in which they choose by their link (and who fitted nowhere before others).
    """

    other_offices: bool = False
    extra_places: int = 0
    hold_hours: int = 48
    precedence_days: int = 7

    def check(self) -> None:
        """Raise InvalidClosure (``terms``)."""
        limits = (
            (self.extra_places, 0, EXTRA_PLACES_MAX),
            (self.hold_hours, 1, HOLD_HOURS_MAX),
            (self.precedence_days, 0, PRECEDENCE_DAYS_MAX),
        )
        if not all(low <= value <= high for value, low, high in limits):
            raise InvalidClosure(reason="terms")


@dataclass(frozen=True)
class Party:
    """Those of one booking who lose their place together, and the shares they may have another one of."""

    booking_id: int
    service_id: int
    office_id: int
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
    """A slot that could take somebody: ``free`` places of its quota, and ``extra`` ones that may be added to it."""

    slot_id: int
    service_id: int
    office_id: int
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

    Each gets the earliest slot of the same service that takes the whole party, at their own office if it has one, else
    at another one among ``rooms``. What is given to one is not there for the next.
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


def held_until(starts_at: datetime, hold: timedelta, *, now: datetime) -> datetime:
    """How long a place that begins at ``starts_at`` is kept for somebody who is told now."""
    return min(now + hold, starts_at - LAST_CALL)


@dataclass
class _Shelf:
    """The rooms of one service in the order of time. What was empty for one kind of asker is not looked at again."""

    rooms: list[Room] = field(default_factory=list)
    _from: dict[tuple[object, ...], int] = field(default_factory=dict)

    def give(self, party: Party) -> Proposal | None:
        found = self._find(party, own_office=True) or self._find(party, own_office=False)
        if found is None:
            return None
        extra = max(0, party.places - max(found.free, 0))
        found.free -= party.places - extra
        found.extra -= extra
        return Proposal(found.slot_id, extra)

    def _find(self, party: Party, *, own_office: bool) -> Room | None:
        """Rooms only ever lose places: for those who ask for as much of the same, whatever lies before is in vain."""
        asks = (party.office_id, own_office, party.shares, party.places)
        start = self._from.get(asks, 0)
        best: Room | None = None
        for index in range(start, len(self.rooms)):
            room = self.rooms[index]
            if best is not None and room.starts_at > best.starts_at:
                break
            fits = room.share in party.shares and (room.office_id == party.office_id) is own_office
            if not fits or max(room.free, 0) + room.extra < party.places:
                continue
            if best is None:
                self._from[asks] = index
            if best is None or party.shares.index(room.share) < party.shares.index(best.share):
                best = room
        if best is None:
            self._from[asks] = len(self.rooms)
        return best
