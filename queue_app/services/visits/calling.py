"""Call people to counters, again, and no more. Each function is one press of a key."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.calling import call_order, next_of_queues
from queue_app.domain.clock import office_date
from queue_app.domain.errors import (
    CallAgainFirst,
    CallOpen,
    CounterPaused,
    Disrupted,
    EnoughCalls,
    IllegalVisitStep,
    NotFound,
)
from queue_app.domain.roles import Actor
from queue_app.domain.visits import StepKind, VisitState
from queue_app.models import Counter, Queue, Visit
from queue_app.queries.visits.queues import state_of, waiting_in

from .counters import open_call, own_counter
from .day_end import end_past_visit
from .disruptions import disruptions_of, stopping
from .once import made_before, open_visit
from .queues import lock_queue_of, lock_queues, remember
from .steps import load_visit, step


def call_next(session: Session, counter_id: int, *, staff_id: int, nonce: str, now: datetime) -> Visit | None:
    """Call whoever is next for this counter by the published rule; None when nobody waits.

    A repeated nonce returns whom it called before. Raises NotYourCounter, CounterPaused, Disrupted, CallOpen.
    """
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.CALL):
        return made
    _require_ready(session, counter, now=now)
    service_ids = _called_now(session, counter)
    day = office_date(now, counter.office.time_zone)
    queues = lock_queues(session, counter.office_id, service_ids, day)
    rules = counter.office.calling_rules
    while True:
        waiting = waiting_in(session, counter.office_id, day, service_ids, counter_id=counter.id)
        heads = {
            queue: call_order(people, state_of(queues[queue]), rules, now=now)[0] for queue, people in waiting.items()
        }
        chosen = next_of_queues(heads.values(), now=now)
        if chosen is None:
            return None
        with suppress(NotFound):  # their check-in was taken back in this very moment: the next one
            visit = load_visit(session, chosen.ticket_id, office_id=counter.office_id)
            if visit.state is VisitState.WAITING and heads.get(visit.service_id) is chosen:  # else a step was undone
                break
    queue = queues[visit.service_id]
    _call(session, visit, counter, StepKind.CALL, queue=queue, nonce=nonce, actor=Actor.staff(staff_id), now=now)
    remember(queue, state_of(queue).after(chosen))
    session.flush()
    return visit


def recall(
    session: Session, ticket_id: int, *, counter_id: int, staff_id: int, now: datetime, nonce: str | None = None
) -> Visit:
    """Call the same person once more. Raises EnoughCalls after the last one that the rule allows, and Disrupted."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.RECALL, ticket_id=ticket_id):
        return made
    visit = open_visit(session, ticket_id, counter, VisitState.CALLED)
    _require_no_disruption(session, visit)
    most = counter.office.calling_rules.calls_before_skip
    if visit.calls >= most:
        raise EnoughCalls(calls=visit.calls)
    calls = visit.calls + 1
    actor = Actor.staff(staff_id)
    step(session, visit, StepKind.RECALL, actor=actor, now=now, nonce=nonce, calls=calls, called_at=now)
    return visit


def skip(
    session: Session, ticket_id: int, *, counter_id: int, staff_id: int, now: datetime, nonce: str | None = None
) -> Visit:
    """Nobody came: back into the queue by some places, and the next time absent.

    Raises CallAgainFirst before the person was called as often as the rule says.
    """
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.SKIP, StepKind.ABSENT, ticket_id=ticket_id):
        return made
    queue = lock_queue_of(session, ticket_id)
    visit = open_visit(session, ticket_id, counter, VisitState.CALLED)
    rules, actor = counter.office.calling_rules, Actor.staff(staff_id)
    if visit.calls < rules.calls_before_skip:
        raise CallAgainFirst(calls=visit.calls, needed=rules.calls_before_skip)
    if visit.skips >= rules.skips_before_absent:
        step(session, visit, StepKind.ABSENT, actor=actor, now=now, nonce=nonce, state=VisitState.ABSENT, ended_at=now)
        return visit
    step(
        session,
        visit,
        StepKind.SKIP,
        actor=actor,
        now=now,
        nonce=nonce,
        at_counter=counter.id,
        state=VisitState.WAITING,
        counter_id=None,
        calls=0,
        skips=visit.skips + 1,
        not_before=queue.calls + rules.skip_back,
    )
    return visit


def resume(
    session: Session, ticket_id: int, *, counter_id: int, staff_id: int, now: datetime, nonce: str | None = None
) -> Visit:
    """Call somebody back who was put aside, to any counter of the office. Raises as `call_next`."""
    counter = own_counter(session, counter_id, staff_id=staff_id)
    if made := made_before(session, nonce, counter, StepKind.RESUME, ticket_id=ticket_id):
        return made
    _require_ready(session, counter, now=now)
    visit = load_visit(session, ticket_id, office_id=counter.office_id)
    if visit.state is not VisitState.HELD:
        raise IllegalVisitStep(state=visit.state, target=VisitState.CALLED)
    _require_no_disruption(session, visit)
    _call(session, visit, counter, StepKind.RESUME, actor=Actor.staff(staff_id), now=now, nonce=nonce)
    return visit


def _require_ready(session: Session, counter: Counter, *, now: datetime) -> None:
    if counter.paused_at is not None:
        raise CounterPaused()
    end_past_visit(session, counter, now=now)
    if visit := open_call(session, counter.id):
        raise CallOpen(letter=visit.ticket.letter, number=visit.ticket.queue_number)


def _called_now(session: Session, counter: Counter) -> list[int]:
    """The services of a counter for which people may be called. Raises Disrupted when all of them are stopped."""
    stops = disruptions_of(session, counter.office_id)
    going_on = [one.id for one in counter.services if not any(stop.stops(one.id) for stop in stops)]
    if stops and not going_on:
        raise Disrupted(kind=stops[0].kind, since=stops[0].started_at)
    return going_on


def _require_no_disruption(session: Session, visit: Visit) -> None:
    if disruption := stopping(session, visit.office_id, visit.service_id):
        raise Disrupted(kind=disruption.kind, since=disruption.started_at)


def _call(
    session: Session,
    visit: Visit,
    counter: Counter,
    kind: StepKind,
    *,
    actor: Actor,
    now: datetime,
    queue: Queue | None = None,
    nonce: str | None = None,
) -> None:
    step(
        session,
        visit,
        kind,
        actor=actor,
        now=now,
        queue=queue,
        nonce=nonce,
        state=VisitState.CALLED,
        counter_id=counter.id,
        calls=1,
        not_before=0,
        called_at=now,
    )
