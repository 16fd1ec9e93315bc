"""Take over the presses of a counter that went on without the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import DomainError, IllegalVisitStep
from queue_app.domain.roles import Actor
from queue_app.domain.visits import Outcome, StepKind, VisitState
from queue_app.models import Counter, OfflineAct, OfflineEntry, Ticket
from queue_app.queries.visits.queues import state_of, waiting_in
from queue_app.services.visits import calling, serving
from queue_app.services.visits.counters import own_counter
from queue_app.services.visits.queues import lock_queue_of, remember
from queue_app.services.visits.steps import load_visit, step

from .entries import GivenTime, Sender, digest_of, given_time, new_entry, require_same, store_entries

PRESSES = {
    OfflineAct.RECALL: calling.recall,
    OfflineAct.SKIP: calling.skip,
    OfflineAct.START: serving.start,
    OfflineAct.HOLD: serving.hold,
}


@dataclass(frozen=True)
class OfflinePress:
    """One press at a counter. ``outcome``: only when a service was finished."""

    nonce: str
    act: OfflineAct
    ticket_id: int
    counter_id: int
    at: datetime
    outcome: Outcome | None = None


def take_over(session: Session, press: OfflinePress, *, sender: Sender, now: datetime) -> OfflineEntry:
    """Do what was pressed, as of then. Repeated, it returns what was stored and changes nothing.

    Raises what the press itself would have raised: then `leave_to_somebody`, in a transaction of its own.
    """
    if stored := find_press(session, press, sender):
        return stored
    given = given_time(press.at, sender, now=now)
    at = given.at
    own: dict[str, Any] = {"counter_id": press.counter_id, "staff_id": sender.staff_id, "nonce": press.nonce}
    if press.act is OfflineAct.CALL:
        _call(session, press, sender=sender, at=at)
    elif press.act is OfflineAct.FINISH:
        serving.finish(session, press.ticket_id, press.outcome or Outcome.DONE, **own, now=at)
    else:
        PRESSES[press.act](session, press.ticket_id, **own, now=at)
    return _record(session, press, given, sender=sender, now=now)


def leave_to_somebody(
    session: Session, press: OfflinePress, refused: DomainError, *, sender: Sender, now: datetime
) -> OfflineEntry:
    """Keep a press that does not fit what the server knows."""
    if stored := find_press(session, press, sender):
        return stored
    return _record(session, press, given_time(press.at, sender, now=now), sender=sender, now=now, refused=refused)


def find_press(session: Session, press: OfflinePress, sender: Sender) -> OfflineEntry | None:
    """Raises RequestChanged for the nonce of another press."""
    stored = session.scalars(select(OfflineEntry).where(OfflineEntry.nonce == press.nonce)).one_or_none()
    require_same([stored] if stored else [], _digest(press), sender)
    return stored


def _digest(press: OfflinePress) -> bytes:
    return digest_of(press.act, press.ticket_id, press.counter_id, press.at, press.outcome)


def _record(
    session: Session,
    press: OfflinePress,
    given: GivenTime,
    *,
    sender: Sender,
    now: datetime,
    refused: DomainError | None = None,
) -> OfflineEntry:
    """Remember what became of a press at a counter: done, or refused with a reason and left to a person."""
    counter, ticket = session.get(Counter, press.counter_id), session.get(Ticket, press.ticket_id)
    entry = new_entry(
        press.nonce,
        press.act,
        given,
        refused.code if refused else "done",
        sender,
        digest=_digest(press),
        now=now,
        ticket_id=ticket.id if ticket and ticket.office_id == sender.office_id else None,
        counter_id=counter.id if counter and counter.office_id == sender.office_id else None,
        conflict=refused is not None,
    )
    store_entries(session, [entry], sender)
    return entry


def _call(session: Session, press: OfflinePress, *, sender: Sender, at: datetime) -> None:
    """Not whom the rule names now but whom the counter did call. It happened, so no pause and no disruption forbids it.

    Raises NotYourCounter, NotFound, CallOpen; IllegalVisitStep for somebody who does not wait for this counter.
    """
    counter = own_counter(session, press.counter_id, staff_id=sender.staff_id)
    queue = lock_queue_of(session, press.ticket_id)
    visit = load_visit(session, press.ticket_id, office_id=counter.office_id)
    waiting = waiting_in(session, counter.office_id, visit.day, [visit.service_id], counter_id=counter.id)
    called = next((one for one in waiting.get(visit.service_id, ()) if one.ticket_id == visit.ticket_id), None)
    if called is None or queue.service_id != visit.service_id:
        raise IllegalVisitStep(state=visit.state, target=VisitState.CALLED)
    step(
        session,
        visit,
        StepKind.CALL,
        actor=Actor.staff(sender.staff_id),
        now=at,
        queue=queue,
        nonce=press.nonce,
        state=VisitState.CALLED,
        counter_id=counter.id,
        calls=1,
        not_before=0,
        called_at=at,
    )
    remember(queue, state_of(queue).after(called))
    session.flush()
