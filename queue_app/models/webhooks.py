"""Webhooks: where partners are told of what happens, and each thing that they were told or are still to be told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, UtcDateTime, words
from .office import Office


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # claimed by a sender until `next_try_at`; then it may be claimed again
    DELIVERED = "delivered"
    FAILED = "failed"  # given up


class SwitchedOff(StrEnum):
    """Why nothing is sent."""

    BY_HAND = "by_hand"
    FAILING = "failing"  # nothing has arrived for days
    GONE = "gone"  # the partner's server said that the address is no more


class Webhook(Base):
    """One address of one partner. ``seen``: the seal of the audit chain up to which its events were looked for."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))  # None: of every office
    partner: Mapped[str]
    address: Mapped[str]
    events: Mapped[str]  # in the order of the list, with commas between them
    api_key_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"))  # whose bookings are told with their code
    secret: Mapped[bytes] = mapped_column(LargeBinary)  # sealed
    former_secret: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed
    former_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen: Mapped[int]
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    off: Mapped[SwitchedOff | None] = mapped_column(words(SwitchedOff, "webhook_off"))
    off_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    office: Mapped[Office | None] = relationship(lazy="joined")


class WebhookDelivery(Base):
    """One event for one webhook. The body is written once, so that every try says the same; it holds nothing personal.

    ``sequence``: of the seal that it came from; None for one that was sent to try the address.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "sequence"),
        Index("ix_webhook_delivery_waiting", "webhook_id", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[str] = mapped_column(unique=True)
    event: Mapped[str]  # its type, as the body names it
    sequence: Mapped[int | None]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState, "delivery_state"))
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[int | None]  # of the answer to the last try
    problem: Mapped[str | None]  # why there was no answer, or none that counts
    answer: Mapped[str | None]  # its beginning

    webhook: Mapped[Webhook] = relationship(lazy="joined", innerjoin=True)
