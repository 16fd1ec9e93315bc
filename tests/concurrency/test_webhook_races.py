"""Two schedulers tell partners at the same moment: each event is queued once, and each delivery is claimed once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.db import db, unit_of_work
from queue_app.domain.webhooks import Event
from queue_app.models import DeliveryState, Webhook, WebhookDelivery
from queue_app.queries.records import webhook_events
from queue_app.services.records import webhook_deliveries, webhooks
from queue_app.services.records.audit import seal_entries
from tests.concurrency.conftest import Place
from tests.concurrency.races import Pause, Step, together
from tests.harness.factories import TESTER, make_applicant
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]
SENDERS = 4
BOOKED = 6


class EverybodyLooks(Pause):
    """Until all have read what there is."""

    def __init__(self) -> None:
        super().__init__()
        self._barrier = threading.Barrier(SENDERS)

    def let_others(self) -> None:
        self._barrier.wait(10)


@pytest.fixture
def webhook_id(
    app: Flask, opened: Opened, booking: Callable[..., Step], keyring: FileKeyring, clock: FixedClock
) -> int:
    """One that listens, and BOOKED tickets of which it was not told yet."""
    place = opened(capacity=BOOKED)
    with app.app_context(), unit_of_work() as session:
        new = webhooks.NewWebhook("Mitra", "https://mitra.example/", [Event.TICKET_BOOKED], None)
        webhook_id = webhooks.create(session, new, keyring=keyring, actor=TESTER, now=clock.now())[0].id
    together(app, *(booking(place.slot, make_applicant()) for _ in range(BOOKED)))
    with app.app_context(), unit_of_work() as session:
        seal_entries(session, keyring=keyring, now=clock.now())
    return webhook_id


def queued(app: Flask) -> int:
    with app.app_context():
        return db.session().scalar(select(func.count(WebhookDelivery.id))) or 0


def looking(webhook_id: int, now: datetime) -> list[Step]:
    return [lambda session: webhook_deliveries.queue_events(session, webhook_id, now=now) for _ in range(SENDERS)]


def test_each_event_is_queued_once(app: Flask, webhook_id: int, clock: FixedClock) -> None:
    together(app, *looking(webhook_id, clock.now()))
    assert queued(app) == BOOKED


def test_control_who_moves_the_number_on_without_a_condition_queues_twice(
    app: Flask, webhook_id: int, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The unique key still says no: without it everything would be there several times."""
    pause = EverybodyLooks()

    def queue_unguarded(session: Session, webhook_id: int, *, now: datetime) -> int:
        webhook = session.get_one(Webhook, webhook_id)
        told = list(webhook_events.events_between(session, webhook, webhook.seen, webhook_events.last_seal(session)))
        pause.wait(session)
        for one in told:
            row = {"webhook_id": webhook_id, "event": one.event, "sequence": None, "body": "{}", "created_at": now}
            row |= {"event_id": webhook_deliveries.new_event_id(), "state": DeliveryState.WAITING, "next_try_at": now}
            session.add(WebhookDelivery(**row))
        session.flush()
        return len(told)

    monkeypatch.setattr(webhook_deliveries, "queue_events", queue_unguarded)
    together(app, *looking(webhook_id, clock.now()), unguarded=True)
    assert queued(app) == SENDERS * BOOKED


def claiming_all(webhook_id: int, keyring: FileKeyring, now: datetime) -> list[Step]:
    def claim(session: Session) -> list[int]:
        mine = []
        while claim := webhook_deliveries.claim_next(session, webhook_id, keyring=keyring, now=now):
            mine.append(claim.delivery_id)
        return mine

    return [claim for _ in range(SENDERS)]


def test_each_delivery_is_claimed_once(app: Flask, webhook_id: int, keyring: FileKeyring, clock: FixedClock) -> None:
    together(app, looking(webhook_id, clock.now())[0])
    outcomes = together(app, *claiming_all(webhook_id, keyring, clock.now()))
    claimed = [one for outcome in outcomes for one in outcome.value]
    assert len(claimed) == len(set(claimed)) == BOOKED


def test_control_who_reads_first_and_takes_then_claims_what_others_claim(
    app: Flask, webhook_id: int, clock: FixedClock
) -> None:
    together(app, looking(webhook_id, clock.now())[0])
    pause = EverybodyLooks()

    def claim(session: Session) -> list[int]:
        waiting = select(WebhookDelivery.id).where(WebhookDelivery.state == DeliveryState.WAITING)
        ids = list(session.scalars(waiting))
        pause.wait(session)
        session.execute(update(WebhookDelivery).where(WebhookDelivery.id.in_(ids)).values(state=DeliveryState.SENDING))
        return ids

    outcomes = together(app, *[claim] * SENDERS, unguarded=True)
    claimed = [one for outcome in outcomes for one in outcome.value or ()]
    assert len(claimed) > len(set(claimed))
