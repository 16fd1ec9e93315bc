"""Closures as the office sees them: the list, a preview before confirming, how far the offers are, whom to call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from queue_app.domain.closures import MOVED, UNANSWERED, ClosureState, OfferState, held_until
from queue_app.domain.errors import NotFound
from queue_app.domain.proposed_places import precedence, propose
from queue_app.domain.reminders import OF_CLOSURES
from queue_app.models import IN_A_FILE, Closure, MessageState, Offer, Office, OutboxMessage, Slot

from .affected import Affected, affected_in, rooms_for, slots_to_take, without_offer


@dataclass(frozen=True)
class Place:
    """An arrival window somewhere. ``elsewhere``: the office, where it is another one. Instants are UTC."""

    day: date
    starts_at: datetime
    ends_at: datetime
    elsewhere: str | None = None


@dataclass(frozen=True)
class ProposedMove:
    """``place``: None for those who fit nowhere. ``extra``: places added to that slot for them; ``held_until``: how
    long it would be kept if the draft was confirmed now.
    """

    affected: Affected
    place: Place | None = None
    extra: int = 0
    held_until: datetime | None = None

    @property
    def is_earlier(self) -> bool:
        """On a day before their own."""
        return self.place is not None and self.place.day < self.affected.party.day


@dataclass(frozen=True)
class ClosurePreview:
    """What confirming a draft would do, as things are now. ``mail_goes_out``: else a message reaches nobody."""

    days: tuple[date, ...]
    slots: int
    moves: tuple[ProposedMove, ...]
    mail_goes_out: bool

    @property
    def persons(self) -> int:
        return _persons(self.moves)

    @property
    def placed(self) -> int:
        return _persons([move for move in self.moves if move.place])

    @property
    def elsewhere(self) -> int:
        return _persons([move for move in self.moves if move.place and move.place.elsewhere])

    @property
    def earlier(self) -> int:
        return _persons([move for move in self.moves if move.is_earlier])

    @property
    def without_place(self) -> int:
        return self.persons - self.placed

    @property
    def again(self) -> int:
        """Those who lost a place to an earlier closure, and now the one it offered: they stay in its list."""
        return _persons([move for move in self.moves if move.affected.offer_id is not None])

    @property
    def calls(self) -> int:
        """Bookings whom no message reaches: it is one telephone call each."""
        return len(self._to_call)

    @property
    def to_call(self) -> int:
        return _persons(self._to_call)

    @property
    def told(self) -> int:
        """Those who get a message."""
        return self.persons - self.to_call

    @property
    def _to_call(self) -> list[ProposedMove]:
        return [move for move in self.moves if not (self.mail_goes_out and move.affected.has_email)]

    @property
    def extra(self) -> int:
        return sum(move.extra for move in self.moves)


def _persons(moves: Sequence[ProposedMove]) -> int:
    return sum(move.affected.party.places for move in moves)


def closure_at(session: Session, closure_id: int, office_id: int) -> Closure:
    """Raises NotFound for one of another office."""
    closure = session.get(Closure, closure_id, populate_existing=True)
    if closure is None or closure.office_id != office_id:
        raise NotFound()
    return closure


def closures_of(session: Session, office_id: int, *, limit: int = 100) -> Sequence[Closure]:
    """The newest first, drafts before all of them."""
    return session.scalars(
        select(Closure)
        .where(Closure.office_id == office_id)
        .order_by(Closure.state != ClosureState.DRAFT, Closure.first_day.desc(), Closure.id.desc())
        .limit(limit)
    ).all()


def preview_closure(session: Session, closure: Closure, *, mail_goes_out: bool = True, now: datetime) -> ClosurePreview:
    """Whom a draft concerns, and the place each of them would be offered: the very plan that is then carried out."""
    slots = slots_to_take(session, closure, now=now)
    taken = [slot.id for slot in slots]
    moves = _moves(session, closure, affected_in(session, closure, taken), taken, now=now)
    return ClosurePreview(tuple(sorted({slot.day for slot in slots})), len(taken), moves, mail_goes_out)


def _moves(
    session: Session, closure: Closure, concerned: Sequence[Affected], taken: Sequence[int], *, now: datetime
) -> tuple[ProposedMove, ...]:
    rooms = rooms_for(session, closure, concerned, taken=taken, now=now)
    plan = propose((one.party for one in concerned), rooms)
    places = _places(session, {proposal.slot_id for proposal in plan.values() if proposal}, closure.office_id)
    hold = timedelta(hours=closure.hold_hours)
    moves = []
    for one in sorted(concerned, key=lambda one: precedence(one.party)):
        proposal = plan[one.booking_id]
        if proposal is None:
            moves.append(ProposedMove(one))
            continue
        place = places[proposal.slot_id]
        moves.append(ProposedMove(one, place, proposal.extra, held_until(place.starts_at, hold, now=now)))
    return tuple(moves)


def _places(session: Session, slot_ids: set[int], office_id: int) -> Mapping[int, Place]:
    rows = session.execute(
        select(Slot.id, Slot.day, Slot.starts_at, Slot.ends_at, Slot.office_id, Office.name)
        .join(Office, Office.id == Slot.office_id)
        .where(Slot.id.in_(slot_ids))
    )
    return {
        row.id: Place(row.day, row.starts_at, row.ends_at, None if row.office_id == office_id else row.name)
        for row in rows
    }


@dataclass(frozen=True)
class Progress:
    """How far a confirmed closure is, in bookings.

    ``left``: those who have no offer yet; ``again``: those of earlier closures who were offered yet another place.
    """

    states: Mapping[OfferState, int]
    persons: int
    left: int
    again: int
    queued: int  # messages still to be sent
    sent: int
    filed: int  # written into a file: they have reached nobody yet
    failed: int

    @property
    def offered(self) -> int:
        return sum(self.states.values())

    @property
    def moved(self) -> int:
        return sum(self.states.get(state, 0) for state in MOVED)

    @property
    def unanswered(self) -> int:
        return sum(self.states.get(state, 0) for state in UNANSWERED)


def progress_of(session: Session, closure: Closure) -> Progress:
    rows = session.execute(
        select(Offer.state, func.count(), func.sum(Offer.places))
        .where(Offer.closure_id == closure.id)
        .group_by(Offer.state)
    ).all()
    messages = Counter[MessageState]()
    filed = 0
    told = [at for at in (closure.confirmed_at, closure.revoked_at) if at]
    for state, channel, count in session.execute(
        select(OutboxMessage.state, OutboxMessage.channel, func.count())
        .join(Offer, (Offer.booking_id == OutboxMessage.booking_id) & (Offer.closure_id == closure.id))
        .where(OutboxMessage.due_at.in_(told), OutboxMessage.kind.in_(OF_CLOSURES))
        .group_by(OutboxMessage.state, OutboxMessage.channel)
    ):
        if state is MessageState.SENT and channel == IN_A_FILE:
            filed = count
        else:
            messages[state] += count
    return Progress(
        states={state: count for state, count, _persons in rows},
        persons=sum(int(persons) for _state, _count, persons in rows),
        left=len(without_offer(session, closure)) if closure.state is ClosureState.CONFIRMED else 0,
        again=_told_beside(session, closure),
        queued=messages[MessageState.QUEUED] + messages[MessageState.SENDING],
        sent=messages[MessageState.SENT],
        filed=filed,
        failed=messages[MessageState.FAILED],
    )


def _told_beside(session: Session, closure: Closure) -> int:
    """Whoever was told of this closure, and has an offer of another one alone."""
    own = aliased(Offer)
    has_own = select(own.id).where(own.booking_id == Offer.booking_id, own.closure_id == closure.id).exists()
    return session.scalars(
        select(func.count(Offer.booking_id.distinct()))
        .join(Closure, Closure.id == Offer.closure_id)
        .join(OutboxMessage, OutboxMessage.booking_id == Offer.booking_id)
        .where(Closure.office_id == closure.office_id, Offer.closure_id != closure.id, ~has_own)
        .where(OutboxMessage.due_at == closure.confirmed_at, OutboxMessage.kind.in_(OF_CLOSURES))
    ).one()
