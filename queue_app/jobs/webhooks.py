"""Tell partners what has happened: look through new seals, claim and commit, send with no transaction open, record.

1. For each webhook, queue the events of the seals that it has not seen.
2. For each webhook in turn, send what is due, one after the other, until one fails or its time is up: a partner whose
   server is slow or away costs the others a few seconds, and itself the rest of the sweep.
3. Forget what is done and old.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta

from queue_app.adapters.webhook_post import NotPosted, Poster
from queue_app.db import unit_of_work
from queue_app.domain.webhooks import arrived, signature
from queue_app.services.records import webhook_deliveries
from queue_app.services.records.webhook_deliveries import Answered, Claim

from .context import keyring, now, reading, settings, stop_requested

TURN = timedelta(seconds=20)  # of one webhook in one sweep


def send_webhooks() -> int:
    """Return how many deliveries arrived."""
    with reading() as session:
        ids, due = webhook_deliveries.listening(session), webhook_deliveries.with_due(session, now=now())
    for webhook_id in ids:
        _look(webhook_id)
    poster = Poster(inner=settings().webhook_networks)
    sent = sum(_take_turn(webhook_id, poster) for webhook_id in dict.fromkeys([*ids, *due]))
    if ids or due:
        with unit_of_work() as session:
            webhook_deliveries.forget_old(session, now=now())
    return sent


def _look(webhook_id: int) -> None:
    more: int | None = 0
    while more is not None and not stop_requested():
        with unit_of_work() as session:
            more = webhook_deliveries.queue_events(session, webhook_id, now=now())


def _take_turn(webhook_id: int, poster: Poster) -> int:
    sent, ends = 0, time.monotonic() + TURN.total_seconds()
    while time.monotonic() < ends and not stop_requested() and (claim := _claim(webhook_id)):
        if not _deliver(claim, poster):
            break
        sent += 1
    return sent


def _claim(webhook_id: int) -> Claim | None:
    with unit_of_work() as session:
        return webhook_deliveries.claim_next(session, webhook_id, keyring=keyring(), now=now())


def _deliver(claim: Claim, poster: Poster) -> bool:
    answered = _post(claim, poster)
    with unit_of_work() as session:
        webhook_deliveries.mark(session, claim, answered, chance=random.random(), now=now())
    return arrived(answered.status)


def _post(claim: Claim, poster: Poster) -> Answered:
    if not claim.secrets:
        return Answered(problem="the secret cannot be read with these keys")
    at = now()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "queue-app-webhooks",
        "webhook-id": claim.event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(claim.secrets, claim.event_id, at, claim.body),
    }
    try:
        answer = poster.post(claim.address, claim.body.encode(), headers)
    except NotPosted as fault:
        return Answered(problem=str(fault))
    return Answered(status=answer.status, answer=answer.body or None)
