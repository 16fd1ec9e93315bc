"""Webhooks of partners: make one, switch it off and on, change its secret, try it, send something again by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring, bound_to_webhook
from queue_app.domain.roles import Actor
from queue_app.domain.webhooks import (
    BOTH_SECRETS,
    TRIAL,
    new_event_id,
    new_secret,
    read_address,
    read_events,
    read_name,
)
from queue_app.models import DeliveryState, SwitchedOff, Webhook, WebhookDelivery
from queue_app.queries.records.webhook_events import last_seal
from queue_app.queries.records.webhooks import Reach, delivery_at, webhook_at

from . import audit
from .changes import change_columns


@dataclass(frozen=True)
class NewWebhook:
    """``office_id``: None for every office. ``api_key_id``: of the partner, whose bookings are told with their code."""

    partner: str
    address: str
    events: Iterable[str]
    office_id: int | None
    api_key_id: int | None = None

    def columns(self) -> dict[str, Any]:
        """What may be changed later, as it is stored. Raises InvalidWebhook."""
        return {
            "partner": read_name(self.partner),
            "address": read_address(self.address),
            "events": ",".join(read_events(self.events)),
            "api_key_id": self.api_key_id,
        }


def create(session: Session, new: NewWebhook, *, keyring: Keyring, actor: Actor, now: datetime) -> tuple[Webhook, str]:
    """Tell a partner of what happens from now on. Its secret is seen this once. Raises InvalidWebhook."""
    webhook = Webhook(
        **new.columns(),
        office_id=new.office_id,
        secret=b"",
        created_at=now,
        seen=last_seal(session),
    )
    session.add(webhook)
    session.flush()
    secret = new_secret()
    webhook.secret = _sealed(webhook, "secret", secret, keyring)
    facts = {"partner": webhook.partner, "address": webhook.address, "events": webhook.events}
    _record(session, "webhook.created", webhook, actor=actor, now=now, after=facts)
    return webhook, secret


def change(session: Session, webhook_id: int, reach: Reach, wanted: NewWebhook, *, actor: Actor, now: datetime) -> bool:
    """Whether anything changed; its office and its secret stay. What still waits goes to the new address, with the
    body that it has. Raises NotFound, InvalidWebhook.
    """
    webhook = _held(session, webhook_id, reach)
    before, after = change_columns(webhook, wanted.columns())
    if "address" in after:
        webhook.failing_since = None  # that was the former one
    if after:
        _record(session, "webhook.changed", webhook, actor=actor, now=now, before=before, after=after)
    return bool(after)


def switch_off(session: Session, webhook_id: int, reach: Reach, *, actor: Actor, now: datetime) -> Webhook:
    """Nothing is sent any more, and what happens meanwhile is not kept for later. Raises NotFound."""
    webhook = webhook_at(session, webhook_id, reach)
    if webhook.off is None:
        webhook.off, webhook.off_since = SwitchedOff.BY_HAND, now
        _record(session, "webhook.switched_off", webhook, actor=actor, now=now, after={"partner": webhook.partner})
    return webhook


def switch_on(session: Session, webhook_id: int, reach: Reach, *, actor: Actor, now: datetime) -> Webhook:
    """From here on; what still waited goes out too. Raises NotFound."""
    webhook = webhook_at(session, webhook_id, reach)
    if webhook.off is not None:
        webhook.off = webhook.off_since = webhook.failing_since = None
        webhook.seen = last_seal(session)
        _record(session, "webhook.switched_on", webhook, actor=actor, now=now, after={"partner": webhook.partner})
    return webhook


def change_secret(
    session: Session, webhook_id: int, reach: Reach, *, keyring: Keyring, actor: Actor, now: datetime
) -> str:
    """A new secret, seen this once; for BOTH_SECRETS the former one signs as well. Raises NotFound."""
    webhook = webhook_at(session, webhook_id, reach)
    secret, former = new_secret(), keyring.open(webhook.secret, bound_to=bound_to_webhook(webhook.id, "secret"))
    webhook.former_secret = _sealed(webhook, "former_secret", former, keyring)
    webhook.former_until = now + BOTH_SECRETS
    webhook.secret = _sealed(webhook, "secret", secret, keyring)
    _record(session, "webhook.secret_changed", webhook, actor=actor, now=now, after={"partner": webhook.partner})
    return secret


def send_trial(session: Session, webhook_id: int, reach: Reach, *, now: datetime) -> WebhookDelivery:
    """A delivery that says nothing, to try the address, the secret and the partner's program. Raises NotFound."""
    webhook = webhook_at(session, webhook_id, reach)
    body = {"type": TRIAL, "timestamp": now.isoformat(), "sequence": None, "data": {"webhook": webhook.id}}
    delivery = WebhookDelivery(
        webhook_id=webhook.id,
        event_id=new_event_id(),
        event=TRIAL,
        body=as_json(body),
        created_at=now,
        state=DeliveryState.WAITING,
        next_try_at=now,
    )
    session.add(delivery)
    session.flush()
    return delivery


def send_again(session: Session, delivery_id: int, reach: Reach, *, now: datetime) -> WebhookDelivery:
    """By hand, with the same id and body; one that is being sent is left alone. Raises NotFound."""
    delivery = delivery_at(session, delivery_id, reach)
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.state != DeliveryState.SENDING)
        .values(state=DeliveryState.WAITING, next_try_at=now)
        .execution_options(synchronize_session=False)
    )
    return delivery


def as_json(body: dict[str, Any]) -> str:
    """Once, and never again: the signature is over these very bytes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _held(session: Session, webhook_id: int, reach: Reach) -> Webhook:
    """Until the end of this transaction nobody else changes it. Raises NotFound."""
    webhook = webhook_at(session, webhook_id, reach)
    # And not the office, which an outer join brings.
    session.refresh(webhook, with_for_update={"key_share": True, "of": Webhook})
    return webhook


def _sealed(webhook: Webhook, column: str, secret: str, keyring: Keyring) -> bytes:
    return keyring.seal(secret, bound_to=bound_to_webhook(webhook.id, column))


def _record(
    session: Session,
    action: str,
    webhook: Webhook,
    *,
    actor: Actor,
    now: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    audit.record(
        session,
        action,
        "webhook",
        webhook.id,
        actor=actor,
        now=now,
        office_id=webhook.office_id,
        before=before,
        after=after,
    )
