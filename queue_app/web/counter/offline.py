"""A counter that goes on without a connection: what it keeps, its page as it is kept, and what it sends afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import json, render_template
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError, RepeatedRequest, RequestChanged
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import OF_DAY_END, Outcome
from queue_app.models import Counter, OfflineAct, OfflineEntry
from queue_app.queries.offline.snapshot import order_of_counter
from queue_app.services.offline.entries import Sender
from queue_app.services.offline.presses import OfflinePress, leave_to_somebody, take_over
from queue_app.services.visits.counters import open_call
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.counter.visits.page import own_counter_here
from queue_app.web.hall.outcome_words import OUTCOMES
from queue_app.web.offline.batches import INSTANT, ROW_ID, Entry, NoSense, Taken, answer_each, shape
from queue_app.web.offline.exchange import instant, sender, snapshot_for_device
from queue_app.web.request import now, today

from .blueprint import bp

PRESS = shape(
    ["nonce", "act", "ticket", "counter", "at"],
    act={"enum": [act.value for act in OfflineAct if act is not OfflineAct.SCAN]},
    ticket=ROW_ID,
    counter=ROW_ID,
    at=INSTANT,
    outcome={"enum": [None, *(outcome.value for outcome in Outcome if outcome not in OF_DAY_END)]},
)


@bp.get("/hari-ini.json")
@requires(Permission.SERVE)
@in_the_background
def queue_snapshot() -> Response:
    """Whom this counter may call if the connection is cut now, in order, and whom it has at the moment."""
    counter = own_counter_here()
    content = _content(counter) if counter else {"counter": None}
    etag = hashlib.blake2b(json.dumps(content).encode(), digest_size=16).hexdigest()
    return snapshot_for_device(etag, lambda: content)


@bp.post("/sinkron")
@requires(Permission.SERVE)
def sync_presses() -> Response:
    """Presses made without a connection, in their order, each in a transaction of its own; the answers by nonce."""
    return answer_each(PRESS, _take_over)


@bp.get("/kerangka")
@requires(Permission.SERVE)
@in_the_background
def shell() -> str:
    """The page of a counter as it is kept: nobody's name is in it."""
    return render_template("counter/shell.html", outcomes=OUTCOMES)


def _content(counter: Counter) -> dict[str, Any]:
    rules, visit = counter.office.calling_rules, open_call(db.session(), counter.id)
    order = order_of_counter(db.session(), counter, today(), rules, now=now())
    current = None
    if visit is not None and visit.day == today():
        ticket = visit.ticket
        current = {
            "id": visit.ticket_id,
            "number": show_number(ticket.letter, ticket.queue_number),
            "state": visit.state.value,
            "calls": visit.calls,
            "skips": visit.skips,
        }
    return {
        "counter": counter.id,
        "counterNumber": counter.number,
        "paused": counter.paused_at is not None,
        "callsBeforeSkip": rules.calls_before_skip,
        "current": current,
        "order": [{"id": one.ticket_id, "number": one.number, "mine": one.mine} for one in order],
    }


def _take_over(entry: Entry) -> Taken:
    stored = _done(_press_of(entry), sender())
    return Taken(stored.answer, stored.conflict, stored.claimed_at is not None)


def _done(press: OfflinePress, own: Sender) -> OfflineEntry:
    try:
        with unit_of_work() as session:
            return take_over(session, press, sender=own, now=now())
    except (RequestChanged, RepeatedRequest):
        raise
    except DomainError as refusal:
        with unit_of_work() as session:
            return leave_to_somebody(session, press, refusal, sender=own, now=now())


def _press_of(entry: Entry) -> OfflinePress:
    """Raises NoSense."""
    act, at = OfflineAct(entry["act"]), instant(entry["at"])
    outcome = Outcome(entry["outcome"]) if act is OfflineAct.FINISH and entry.get("outcome") else None
    if at is None or (act is OfflineAct.FINISH and outcome is None):
        raise NoSense()
    return OfflinePress(entry["nonce"], act, int(entry["ticket"]), int(entry["counter"]), at, outcome)
