"""Deliveries of webhooks: found in the sealed audit, handed out to a sender, and what became of it.

Not written where things happen: a booking pays nothing for it, whoever listens. The seals have no gaps and come in one
order, so a number says how far somebody has looked (docs/decisions/0045-webhooks.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, bound_to_webhook, plain
from queue_app.domain.roles import Actor
from queue_app.domain.webhooks import (
    GIVEN_UP_AFTER,
    GONE,
    KEPT,
    SWITCHED_OFF_AFTER,
    arrived,
    new_event_id,
    pause_after,
)
from queue_app.models import DeliveryState, SwitchedOff, Webhook, WebhookDelivery
from queue_app.queries.records.webhook_events import AT_ONCE, events_between, last_seal

from . import audit
from .webhooks import as_json

LEASE = timedelta(minutes=2)  # a sender that died gives its delivery back after this
OPEN = (DeliveryState.WAITING, DeliveryState.SENDING)
SENDER = Actor.system("webhooks")


@dataclass(frozen=True)
class Claim:
    """A delivery that is this sender's for LEASE. ``tries``: this one included. ``secrets``: as far as they open."""

    delivery_id: int
    webhook_id: int
    address: str
    event_id: str
    body: str
    secrets: tuple[str, ...]
    tries: int
    created_at: datetime


@dataclass(frozen=True)
class Answered:
    """Of one try. ``status``: None without an answer; ``problem``: why; ``answer``: the beginning of its body."""

    status: int | None = None
    problem: str | None = None
    answer: str | None = None


def listening(session: Session) -> list[int]:
    """The webhooks that are on."""
    return list(session.scalars(select(Webhook.id).where(Webhook.off.is_(None)).order_by(Webhook.id)))


def with_due(session: Session, *, now: datetime) -> list[int]:
    """Those that have something to be sent now: also ones that are off, to which somebody sends by hand."""
    due = (WebhookDelivery.state.in_(OPEN), WebhookDelivery.next_try_at <= now)
    any_due = select(WebhookDelivery.id).where(WebhookDelivery.webhook_id == Webhook.id, *due).exists()
    return list(session.scalars(select(Webhook.id).where(any_due).order_by(Webhook.id)))


def queue_events(session: Session, webhook_id: int, *, now: datetime) -> int | None:
    """Queue what the next seals tell; how many, None when it has looked at all of them. Repeat until then.

    Of two that look at once one moves the number on, and the other one does nothing.
    """
    webhook = session.get_one(Webhook, webhook_id, populate_existing=True)
    until = min(last_seal(session), webhook.seen + AT_ONCE)
    if until <= webhook.seen:
        return None
    after = webhook.seen
    moved = session.execute(
        update(Webhook)
        .where(Webhook.id == webhook_id, Webhook.seen == after, Webhook.off.is_(None))
        .values(seen=until)
        .returning(Webhook.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if moved is None:
        return None
    rows = [
        WebhookDelivery(
            webhook_id=webhook_id,
            event_id=new_event_id(),
            event=told.event.value,
            sequence=told.sequence,
            body=as_json(told.body),
            created_at=now,
            state=DeliveryState.WAITING,
            next_try_at=now,
        )
        for told in events_between(session, webhook, after, until)
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def claim_next(session: Session, webhook_id: int, *, keyring: Keyring, now: datetime) -> Claim | None:
    """Take a delivery that is due, the oldest first, by one conditional statement; None when nothing is due.

    Also for one that is off: whoever sends by hand wants to see what comes of it.
    """
    open_states = WebhookDelivery.state.in_(OPEN)
    due = (WebhookDelivery.webhook_id == webhook_id, open_states, WebhookDelivery.next_try_at <= now)
    waiting = select(WebhookDelivery.id, WebhookDelivery.next_try_at).where(*due)
    for delivery_id, next_try_at in session.execute(waiting.order_by(WebhookDelivery.id).limit(10)).all():
        won = session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.id == delivery_id, open_states, WebhookDelivery.next_try_at == next_try_at)
            .values(state=DeliveryState.SENDING, next_try_at=now + LEASE, tries=WebhookDelivery.tries + 1)
            .returning(WebhookDelivery.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if won is not None:
            return _claim(session.get_one(WebhookDelivery, won, populate_existing=True), keyring, now)
    return None


def mark(session: Session, claim: Claim, answered: Answered, *, chance: float, now: datetime) -> bool:
    """Write down what came of a try; whether it has arrived. ``chance``: as `pause_after` takes it.

    A failed one goes again later, until GIVEN_UP_AFTER; a webhook at which nothing arrives for SWITCHED_OFF_AFTER, or
    whose server says that it is gone, is switched off. What a former address answers says nothing about the new one.
    """
    webhook = session.get_one(
        Webhook,
        claim.webhook_id,
        populate_existing=True,
        with_for_update={"key_share": True, "of": Webhook},  # and not the office, which an outer join brings
    )
    told = {"tried_at": now, "status": answered.status, "problem": answered.problem, "answer": answered.answer}
    if arrived(answered.status):
        webhook.failing_since = None
        _finish(session, claim, state=DeliveryState.DELIVERED, **told)
        return True
    next_try_at = now + pause_after(claim.tries, chance)
    if webhook.address != claim.address:
        _finish(session, claim, state=DeliveryState.WAITING, next_try_at=next_try_at, **told)
        return False
    given_up = answered.status == GONE or next_try_at > claim.created_at + GIVEN_UP_AFTER
    state = DeliveryState.FAILED if given_up else DeliveryState.WAITING
    _finish(session, claim, state=state, next_try_at=next_try_at, **told)
    webhook.failing_since = webhook.failing_since or now
    if answered.status == GONE:
        _switch_off(session, webhook, SwitchedOff.GONE, now=now)
    elif webhook.failing_since <= now - SWITCHED_OFF_AFTER:
        _switch_off(session, webhook, SwitchedOff.FAILING, now=now)
    return False


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete deliveries that are done and were made KEPT ago; return how many."""
    done = WebhookDelivery.state.in_([DeliveryState.DELIVERED, DeliveryState.FAILED])
    old = delete(WebhookDelivery).where(done, WebhookDelivery.created_at < now - KEPT)
    return len(session.execute(old.returning(WebhookDelivery.id)).all())


def _claim(delivery: WebhookDelivery, keyring: Keyring, now: datetime) -> Claim:
    webhook = delivery.webhook
    former = webhook.former_secret if webhook.former_until and now < webhook.former_until else None
    secrets = {"secret": webhook.secret, "former_secret": former}
    opened = [plain(keyring, value, bound_to=bound_to_webhook(webhook.id, name)) for name, value in secrets.items()]
    return Claim(
        delivery_id=delivery.id,
        webhook_id=webhook.id,
        address=webhook.address,
        event_id=delivery.event_id,
        body=delivery.body,
        secrets=tuple(secret for secret in opened if secret),
        tries=delivery.tries,
        created_at=delivery.created_at,
    )


def _switch_off(session: Session, webhook: Webhook, because: SwitchedOff, *, now: datetime) -> None:
    if webhook.off is None:
        webhook.off, webhook.off_since = because, now
        facts = {"partner": webhook.partner, "off": because.value}
        audit.record(
            session,
            "webhook.switched_off",
            "webhook",
            webhook.id,
            actor=SENDER,
            now=now,
            office_id=webhook.office_id,
            after=facts,
        )


def _finish(session: Session, claim: Claim, **values: object) -> None:
    """Only as long as it is this sender's: after the lease it may be another one's."""
    mine = (WebhookDelivery.state == DeliveryState.SENDING, WebhookDelivery.tries == claim.tries)
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == claim.delivery_id, *mine)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
