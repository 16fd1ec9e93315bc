"""A counter that goes on without a connection: what it keeps, its page as it is kept, and what it sends afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import g, json, jsonify, render_template
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Permission
from queue_app.domain.tickets import show_number
from queue_app.domain.visits import OF_DAY_END, Outcome
from queue_app.models import Counter, OfflineAct, OfflineEntry
from queue_app.queries.offline.conflicts import count_conflicts
from queue_app.queries.offline.snapshot import order_of_counter
from queue_app.services.offline.presses import OfflinePress, leave_to_somebody, take_over
from queue_app.services.visits.counters import open_call
from queue_app.web.access.rules import in_the_background, requires
from queue_app.web.counter.visits.page import own_counter_here
from queue_app.web.hall.outcome_words import OUTCOMES
from queue_app.web.offline.exchange import entries_sent, instant, row_id, sender, snapshot_for_device, unreadable
from queue_app.web.request import now, today

from .blueprint import bp


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
    entries = entries_sent()
    if entries is None:
        return unreadable()
    answers = {entry["nonce"]: _take_over(entry) for entry in entries}
    return jsonify({"answers": answers, "conflicts": count_conflicts(db.session(), g.staff.office_id)})


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


def _take_over(entry: dict[str, Any]) -> dict[str, Any]:
    press = _press_of(entry)
    if press is None:
        return {"answer": "invalid", "conflict": False}
    stored = _done(press)
    return {"answer": stored.answer, "conflict": stored.conflict}


def _done(press: OfflinePress) -> OfflineEntry:
    try:
        with unit_of_work() as session:
            return take_over(session, press, sender=sender(), now=now())
    except DomainError as refusal:
        with unit_of_work() as session:
            return leave_to_somebody(session, press, refusal, sender=sender(), now=now())


def _press_of(entry: dict[str, Any]) -> OfflinePress | None:
    try:
        act = OfflineAct(entry["act"])
        outcome = Outcome(entry["outcome"]) if act is OfflineAct.FINISH else None
        if outcome in OF_DAY_END:
            return None
    except (KeyError, ValueError):
        return None
    at = instant(entry.get("at"))
    ticket_id, counter_id = row_id(entry.get("ticket")), row_id(entry.get("counter"))
    if act is OfflineAct.SCAN or at is None or ticket_id is None or counter_id is None:
        return None
    return OfflinePress(entry["nonce"], act, ticket_id, counter_id, at, outcome)
