"""The outbox: queue messages in the transaction they belong to, and hand them out to a sender."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from queue_app.domain.booking import TicketState
from queue_app.domain.clock import office_date
from queue_app.domain.reminders import REMINDERS, MessageKind, latest_reminders, reminder_due
from queue_app.domain.stages import TO_COME
from queue_app.models import Booking, MessageState, Office, OutboxMessage, Slot, Ticket
from queue_app.queries.booking.lives import lives_of
from queue_app.queries.records.restorations import restored_at
from queue_app.queries.surveys.marks import is_wanted

from .upsert import insert_if_absent

TRIES = 6
LEASE = timedelta(minutes=5)  # a sender that died gives its messages back after this
LOOK_AHEAD = timedelta(days=2)  # days whose reminders may be due, in any zone


def queue(
    session: Session,
    booking: Booking,
    kind: MessageKind,
    *,
    due_at: datetime,
    state: MessageState = MessageState.QUEUED,
) -> bool:
    """Queue a message; a second one of the same kind and time for a booking changes nothing and gives False."""
    of_booking = select(Ticket.office_id).where(Ticket.booking_id == booking.id)
    return insert_if_absent(
        session,
        OutboxMessage,
        ["booking_id", "kind", "due_at"],
        booking_id=booking.id,
        office_id=of_booking.order_by(Ticket.id.desc()).limit(1).scalar_subquery(),
        kind=kind,
        due_at=due_at,
        state=state,
        next_try_at=due_at,
        attempts=0,
    )


def state_of_due(session: Session, due_at: datetime) -> MessageState:
    """Of a message that the course of things has made due: held when that was before the database was restored,
    because it may have gone out in the time that is missing.
    """
    restored = restored_at(session)
    return MessageState.HELD if restored is not None and due_at <= restored else MessageState.QUEUED


def queue_due_reminders(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Queue reminders that are due, not queued yet, and whose appointment lies ahead; return how many.

    At most ``limit`` for each zone and day, so that no transaction is long: repeat until none is left.
    """
    queued = 0
    for zone in session.scalars(select(Office.time_zone).distinct().order_by(Office.time_zone)).all():
        for kind, day, due_at in latest_reminders(zone, now=now):
            state = state_of_due(session, due_at)
            for booking in _without_reminder(session, zone, kind, day, due_at, now=now, limit=limit):
                queue(session, booking, kind, due_at=due_at, state=state)
                queued += 1
    return queued


def _without_reminder(
    session: Session, zone: str, kind: MessageKind, day: date, due_at: datetime, *, now: datetime, limit: int
) -> Sequence[Booking]:
    """Bookings for a day that have not been reminded. Who booked later was told everything by the confirmation."""
    queued = (
        select(OutboxMessage.id)
        .where(OutboxMessage.booking_id == Ticket.booking_id)
        .where(OutboxMessage.kind == kind, OutboxMessage.due_at == due_at)
        .exists()
    )
    # One person of a party may have been cancelled, the first as well as any other: ask for the party, not for him.
    earlier = aliased(Ticket)
    comes_before = (
        select(earlier.id)
        .where(earlier.booking_id == Ticket.booking_id, earlier.position < Ticket.position)
        .where(earlier.state == TicketState.BOOKED)
        .exists()
    )
    return session.scalars(
        select(Booking)
        .join(Ticket, Ticket.booking_id == Booking.id)
        .join(Office, Office.id == Ticket.office_id)
        .join(Slot, Slot.id == Ticket.slot_id)
        .where(Slot.accepts)  # nobody is reminded of a day or an hour that the office has taken away
        .where(Ticket.state == TicketState.BOOKED, Ticket.starts_at > now, Ticket.starts_at <= now + LOOK_AHEAD)
        .where(Ticket.day == day, Office.time_zone == zone, ~comes_before)
        .where(Ticket.state_since < due_at, ~queued, Booking.suspended_at.is_(None))
        .order_by(Ticket.id)
        .limit(limit)
    ).all()


def claim_messages(session: Session, *, now: datetime, limit: int = 20) -> list[OutboxMessage]:
    """Take due messages for sending, each by one conditional statement; a claimed one is nobody else's for LEASE."""
    waiting = (
        select(OutboxMessage.id, OutboxMessage.next_try_at)
        .where(OutboxMessage.state.in_([MessageState.QUEUED, MessageState.SENDING]))
        .where(OutboxMessage.next_try_at <= now)
        .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
        .limit(limit)
    )
    claimed = []
    for message_id, next_try_at in session.execute(waiting).all():
        won = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.next_try_at == next_try_at)
            .where(OutboxMessage.state.in_([MessageState.QUEUED, MessageState.SENDING]))
            .values(state=MessageState.SENDING, next_try_at=now + LEASE, attempts=OutboxMessage.attempts + 1)
            .returning(OutboxMessage.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if won is not None:
            claimed.append(won)
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(claimed)).order_by(OutboxMessage.id))
    return list(rows.unique())


def is_overtaken(session: Session, message: OutboxMessage, *, now: datetime) -> bool:
    """Whether nobody needs this message any more: its appointment passed, was cancelled, moved or taken away.

    Asked when it is sent, because a day may have been closed since it was queued. Not for messages about closures
    (`jobs/closure_letters.py`) and about data (`jobs/data_letters.py`).
    """
    if message.kind is MessageKind.CANCELLED:
        return False
    tickets = message.booking.tickets
    if message.kind is MessageKind.CODE_AGAIN:  # needed most by those whose day was closed
        return all(ticket.state is not TicketState.BOOKED or ticket.slot.ends_at <= now for ticket in tickets)
    lives = lives_of(session, tickets)
    if message.kind is MessageKind.SURVEY:
        return not any(is_wanted(session, one, lives[one.id].stage(now=now), one.day) for one in tickets)
    stages = {ticket.id: lives[ticket.id].stage(now=now) for ticket in tickets}
    coming = [ticket for ticket in tickets if stages[ticket.id] in TO_COME]
    if not coming:
        return True
    ticket = coming[0]
    if message.kind is MessageKind.HOUR_CUT:  # enough have left meanwhile, or the place is no longer to be chosen
        return ticket.slot.booked <= ticket.slot.planned or ticket.starts_at <= now
    if message.kind not in REMINDERS:
        return ticket.slot.ends_at <= now
    due_at = reminder_due(message.kind, ticket.day, ticket.office.time_zone)
    has_come = ticket.day <= office_date(now, ticket.office.time_zone)
    if message.kind is MessageKind.REMINDER_DAY_BEFORE and has_come:  # it says "tomorrow"
        return True
    return ticket.starts_at <= now or due_at != message.due_at


def mark_overtaken(session: Session, message_id: int) -> None:
    _finish(session, message_id, state=MessageState.OVERTAKEN)


def mark_sent(session: Session, message_id: int, *, channel: str, now: datetime) -> None:
    _finish(session, message_id, state=MessageState.SENT, sent_at=now, channel=channel, last_error=None)


def mark_failed(
    session: Session, message_id: int, *, attempts: int, error: str, now: datetime, for_good: bool = False
) -> None:
    """Set the next try (1, 2, 4 … minutes later), or give up: after TRIES, or at once when trying again is in vain.

    ``error`` must hold no personal data.
    """
    if for_good or attempts >= TRIES:
        _finish(session, message_id, state=MessageState.FAILED, last_error=error)
    else:
        next_try_at = now + timedelta(minutes=2 ** (attempts - 1))
        _finish(session, message_id, state=MessageState.QUEUED, next_try_at=next_try_at, last_error=error)


def put_back(session: Session, message_id: int, *, attempts: int, now: datetime) -> None:
    """Return a claimed message that was never tried, because the way out was closed: it costs none of its tries."""
    _finish(
        session,
        message_id,
        state=MessageState.QUEUED,
        attempts=attempts - 1,
        next_try_at=now + timedelta(minutes=1),
    )


def _finish(session: Session, message_id: int, **values: object) -> None:
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state == MessageState.SENDING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
