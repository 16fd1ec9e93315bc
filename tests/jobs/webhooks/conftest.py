"""Webhooks that lead to a real server, and a sweep that seals and tells."""

import dataclasses
from collections.abc import Callable
from ipaddress import ip_network

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.domain.webhooks import Event
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, WebhookDelivery
from queue_app.services.records import webhooks
from queue_app.services.records.webhooks import NewWebhook
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.partner import Partner, partner

Book = Callable[..., Booking]
Make = Callable[..., tuple[int, str]]


__all__ = ["partner"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return dataclasses.replace(settings, webhook_networks=(ip_network("127.0.0.0/8"),))


@pytest.fixture
def sweep(app: Flask) -> Callable[[], int]:
    """Seals what has happened, and tells of it."""

    def sweep() -> int:
        run_job(app, "seal-audit")
        return run_job(app, "send-webhooks")

    return sweep


@pytest.fixture
def make(session: Session, keyring: FileKeyring, clock: FixedClock, partner: Partner) -> Make:
    def make(*events: Event, address: str = partner.address, **more: int | None) -> tuple[int, str]:
        new = NewWebhook("Dinas Kominfo", address, events or tuple(Event), more.pop("office_id", None), **more)
        webhook, secret = webhooks.create(session, new, keyring=keyring, actor=TESTER, now=clock.now())
        session.commit()
        return webhook.id, secret

    return make


@pytest.fixture
def deliveries(session: Session) -> Callable[[], list[WebhookDelivery]]:
    def deliveries() -> list[WebhookDelivery]:
        session.rollback()
        query = select(WebhookDelivery).order_by(WebhookDelivery.id).execution_options(populate_existing=True)
        return list(session.scalars(query))

    return deliveries
