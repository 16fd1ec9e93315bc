"""Webhooks and what went to them, as an administrator reads it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.models import ApiKey, DeliveryState, SwitchedOff, Webhook, WebhookDelivery


@dataclass(frozen=True)
class Reach:
    """The webhooks that somebody may look after: of these offices, and with ``everywhere`` those of all offices."""

    office_ids: Collection[int]
    everywhere: bool

    def condition(self) -> ColumnElement[bool]:
        theirs = Webhook.office_id.in_(self.office_ids)
        return or_(theirs, Webhook.office_id.is_(None)) if self.everywhere else theirs


def webhooks_within(session: Session, reach: Reach) -> list[Webhook]:
    return list(session.scalars(select(Webhook).where(reach.condition()).order_by(Webhook.partner, Webhook.id)))


def webhook_at(session: Session, webhook_id: int, reach: Reach) -> Webhook:
    """Raises NotFound."""
    row = session.scalars(select(Webhook).where(Webhook.id == webhook_id, reach.condition())).one_or_none()
    if row is None:
        raise NotFound()
    return row


def switched_off_by_itself(session: Session, reach: Reach) -> int:
    """How many partners are told nothing any more, without anybody having wanted that."""
    off = Webhook.off.in_([SwitchedOff.FAILING, SwitchedOff.GONE])
    return session.scalar(select(func.count(Webhook.id)).where(off, reach.condition())) or 0


def deliveries_of(
    session: Session,
    webhook_id: int,
    *,
    state: DeliveryState | None = None,
    event: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> list[WebhookDelivery]:
    """The newest first."""
    rows = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    rows = rows.where(WebhookDelivery.state == state) if state else rows
    rows = rows.where(WebhookDelivery.event == event) if event else rows
    rows = rows.where(WebhookDelivery.id < before_id) if before_id is not None else rows
    return list(session.scalars(rows.order_by(WebhookDelivery.id.desc()).limit(limit)))


def delivery_at(session: Session, delivery_id: int, reach: Reach) -> WebhookDelivery:
    """Raises NotFound."""
    found = select(WebhookDelivery).join(WebhookDelivery.webhook).where(WebhookDelivery.id == delivery_id)
    row = session.scalars(found.where(reach.condition())).one_or_none()
    if row is None:
        raise NotFound()
    return row


def waiting_by_webhook(session: Session) -> dict[int, int]:
    """How many deliveries of each are still to arrive."""
    open_ones = WebhookDelivery.state.in_([DeliveryState.WAITING, DeliveryState.SENDING])
    counted = select(WebhookDelivery.webhook_id, func.count()).where(open_ones).group_by(WebhookDelivery.webhook_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def keys_in_force(session: Session) -> list[ApiKey]:
    return list(session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.name)))
