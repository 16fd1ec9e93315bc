"""`/metrics`: who gets it, and what it says of what happened."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app import create_app
from queue_app.adapters.log_lines import JsonLines
from queue_app.config import Settings
from queue_app.db import db
from queue_app.jobs.registry import JOBS, run_job
from queue_app.models import OfficeService
from queue_app.web.site.condition import ConditionAsked
from tests.conftest import close
from tests.harness.fakes import MONITORING, FixedClock
from tests.harness.reuse import Reuse
from tests.harness.scraping import TOKEN, Samples, of, samples_of
from tests.web.citizen import DETAILS, NIK, PHONE, Citizen

Scrape = Callable[[], Samples]


@pytest.fixture
def scrape(client: FlaskClient) -> Scrape:
    def ask() -> Samples:
        answer = client.get("/metrics", headers=TOKEN)
        assert answer.status_code == 200
        return samples_of(answer.text)

    return ask


@pytest.fixture
def talkative(settings: Settings, clock: FixedClock, reuse: Reuse) -> Iterator[Flask]:
    """Logs each request, and turns errors into pages."""
    app = create_app(replace(settings, log_requests=True, testing=False), clock=clock)
    reuse.prepare(app)
    yield app
    close(app)


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer wrong", f"Basic {MONITORING}", f"Bearer {MONITORING}x", "Bearer é"]
)
def test_without_the_token_nobody_gets_it(client: FlaskClient, header: str | None) -> None:
    answer = client.get("/metrics", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "queue_app" not in answer.text


def test_without_the_setting_there_is_no_such_page(settings: Settings, clock: FixedClock, reuse: Reuse) -> None:
    app = create_app(replace(settings, metrics_token=None), clock=clock)
    reuse.prepare(app)
    assert app.test_client().get("/metrics", headers=TOKEN).status_code == 404
    close(app)


@pytest.mark.parametrize("accepts", ["", "application/openmetrics-text; version=1.0.0", "text/plain;version=0.0.4"])
def test_prometheus_gets_the_form_that_it_asks_for(client: FlaskClient, accepts: str) -> None:
    answer = client.get("/metrics", headers={**TOKEN, "Accept": accepts})
    assert answer.content_type.startswith(accepts.partition(";")[0] or "text/plain")
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("# EOF" in answer.text) == ("openmetrics" in accepts)


def test_a_booking_and_its_refusals_are_counted(
    app: Flask, client: FlaskClient, offering: OfficeService, scrape: Scrape
) -> None:
    before = scrape()
    Citizen(client).book()
    Citizen(app.test_client()).give_details(nik="123")
    client.get("/not/there/at/all")
    after = scrape()

    def rise(name: str, **labels: str) -> float:
        return of(after, name, **labels) - of(before, name, **labels)

    assert rise("queue_app_claims_total", audience="public", outcome="won") == 1
    assert rise("queue_app_claims_total", audience="public", outcome="full") == 0
    assert rise("queue_app_requests_total", route="public.book", status="303") == 1
    assert rise("queue_app_requests_total", route="public.keep_details", status="422") == 1
    assert rise("queue_app_requests_total", route="none", status="404") == 1
    counted = sum(rise(name, **dict(labels)) for name, labels in after if name == "queue_app_requests_total")
    timed = sum(rise(name, **dict(labels)) for name, labels in after if name == "queue_app_request_seconds_count")
    assert counted == timed > 4


def test_a_refusal_before_flask_is_counted_by_its_reason(client: FlaskClient, scrape: Scrape) -> None:
    before = scrape()
    assert client.post("/petugas/masuk", data=b"x" * 70_000).status_code == 413
    after = scrape()
    for reason, rise in {"too_large": 1, "busy": 0, "malformed": 0}.items():
        name = "queue_app_refusals_total"
        assert of(after, name, reason=reason) - of(before, name, reason=reason) == rise


def test_the_condition_of_jobs_days_and_disks(
    app: Flask, offering: OfficeService, clock: FixedClock, scrape: Scrape
) -> None:
    run_job(app, "make-days")
    clock.advance(seconds=30)
    found = scrape()
    assert of(found, "queue_app_job_last_success_age_seconds", task="make-days") == 30
    assert of(found, "queue_app_job_last_success_age_seconds", task="purge") == float("inf")
    assert of(found, "queue_app_job_interval_seconds", task="make-days") == 3600
    tasks = {dict(labels)["task"] for name, labels in found if name == "queue_app_job_failed"}
    assert tasks == {job.name for job in JOBS}
    assert of(found, "queue_app_spare_days") == 7
    assert of(found, "queue_app_database_up") == 1
    assert (
        0
        < of(found, "queue_app_disk_free_bytes", of="instance")
        < of(found, "queue_app_disk_size_bytes", of="instance")
    )


def test_without_its_tables_the_database_counts_as_away_and_the_rest_is_told(
    client: FlaskClient, session: Session, scrape: Scrape
) -> None:
    session.execute(text("ALTER TABLE outbox_message RENAME TO hidden"))
    session.commit()
    try:
        found = scrape()
    finally:
        session.execute(text("ALTER TABLE hidden RENAME TO outbox_message"))
        session.commit()
    assert of(found, "queue_app_database_up") == 0
    assert ("queue_app_database_up", frozenset()) in found
    assert not [name for name, _ in found if name in {"queue_app_messages", "queue_app_spare_days"}]
    assert [name for name, _ in found if name == "queue_app_requests_total"]


def test_a_database_that_takes_connections_and_says_nothing_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        ask = ConditionAsked(f"postgresql+psycopg://x@127.0.0.1:{port}/x", lambda: datetime.now(UTC))
        heard: list[object] = []
        began = time.monotonic()
        threads = [Thread(target=lambda: heard.append(ask())) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert heard == [None] * 3
        assert time.monotonic() - began < 30


def test_a_scrape_takes_no_connection_from_those_who_book(
    app: Flask, client: FlaskClient, offering: OfficeService, scrape: Scrape
) -> None:
    with app.app_context():
        held = [db.engine.connect() for _ in range(db.engine.pool.size())]  # type: ignore[attr-defined]
        try:
            assert of(scrape(), "queue_app_database_up") == 1
        finally:
            for connection in held:
                connection.close()


def test_nothing_of_a_person_is_in_the_scrape_or_the_log(
    talkative: Flask, offering: OfficeService, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.handler.setFormatter(JsonLines("web"))
    caplog.set_level(logging.INFO)
    ticket_page = import_module("queue_app.web.public.booking.ticket")
    client = talkative.test_client()
    ticket = Citizen(client).book()
    token = ticket.rpartition("/")[2]
    assert client.get(ticket).status_code == 200

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{NIK} {DETAILS['name']} {PHONE}")

    with monkeypatch.context() as broken:
        broken.setattr(ticket_page, "render_template", fail)
        shown = client.get(ticket)
    assert shown.status_code == 500

    def lose(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {"nik": NIK}, Exception(DETAILS["name"]))

    with monkeypatch.context() as away:
        away.setattr(ticket_page, "render_template", lose)
        assert client.get(ticket).status_code == 503
    told = caplog.text + client.get("/metrics", headers=TOKEN).text
    assert "public.ticket" in told
    assert "ValueError" in told
    assert shown.headers["X-Request-Id"] in caplog.text
    for secret in (NIK, NIK[-6:], PHONE, "Siti", "Wahyuni", "siti@contoh.id", token, token[:10], "/t/", "127.0.0.1"):
        assert secret not in told, secret
