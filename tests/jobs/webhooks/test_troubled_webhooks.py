"""Webhooks in trouble: others that fail, workers that die, secrets that change, and sending by hand."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.adapters.webhook_post import Answer, Poster
from queue_app.db import db
from queue_app.domain.webhooks import Event, signature
from queue_app.jobs import webhooks as job
from queue_app.jobs.registry import run_job
from queue_app.models import Booking, DeliveryState
from queue_app.queries.records.webhooks import Reach
from queue_app.services.records import webhook_deliveries, webhooks
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.partner import Partner, Sent, answers

pytestmark = pytest.mark.offering(capacity=20)

Book = Callable[..., Booking]
Make = Callable[..., tuple[int, str]]
EVERYWHERE = Reach((), everywhere=True)


def bodies(sent: list[Sent]) -> list[dict[str, object]]:
    return [json.loads(one.body) for one in sent]


def test_one_that_fails_holds_up_nobody_else(
    book: Book, make: Make, partner: Partner, sweep: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    make(Event.TICKET_BOOKED, address="https://127.0.0.1:1/")
    make(Event.TICKET_BOOKED)
    for _ in range(3):
        book()
    assert sweep() == 3


def test_a_redirect_or_a_no_is_no_success(
    book: Book, make: Make, partner: Partner, sweep: Callable[[], int], deliveries: Callable
) -> None:
    make(Event.TICKET_BOOKED)
    book()
    partner.script = [answers(302, Location=partner.address)]
    assert sweep() == 0
    assert len(partner.sent) == 1
    assert deliveries()[0].status == 302


def test_no_transaction_is_open_while_it_is_sent(
    app: Flask, book: Book, make: Make, sweep: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    make(Event.TICKET_BOOKED)
    book()
    open_then = []

    def post(self: Poster, *_what: object) -> Answer:
        open_then.append(db.session().in_transaction() or db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return Answer(200, "")

    monkeypatch.setattr(Poster, "post", post)
    assert sweep() == 1
    assert open_then in ([False], [0])


def test_a_worker_that_dies_after_sending_sends_again_with_the_same_id(
    session: Session,
    clock: FixedClock,
    book: Book,
    make: Make,
    partner: Partner,
    sweep: Callable,
    deliveries: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make(Event.TICKET_BOOKED)
    book()

    def dies(*_what: object, **_how: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(webhook_deliveries, "mark", dies)
        with pytest.raises(SystemExit):
            sweep()
    assert [one.state for one in deliveries()] == [DeliveryState.SENDING]
    assert sweep() == 0  # for all that anybody knows it is still under way
    clock.advance(minutes=3)
    assert sweep() == 1
    assert len({sent.headers["webhook-id"] for sent in partner.sent}) == 1
    assert len(partner.sent) == 2


def test_a_trial_and_sending_again_by_hand_also_while_it_is_off(
    session: Session, clock: FixedClock, make: Make, partner: Partner, sweep: Callable, deliveries: Callable
) -> None:
    webhook_id, _ = make()
    webhooks.switch_off(session, webhook_id, EVERYWHERE, actor=TESTER, now=clock.now())
    trial = webhooks.send_trial(session, webhook_id, EVERYWHERE, now=clock.now())
    session.commit()
    assert sweep() == 1
    webhooks.send_again(session, trial.id, EVERYWHERE, now=clock.now())
    session.commit()
    assert sweep() == 1
    assert [one["type"] for one in bodies(partner.sent)] == ["webhook.test"] * 2
    assert partner.sent[0].headers["webhook-id"] == partner.sent[1].headers["webhook-id"]


def test_for_a_day_after_a_change_both_secrets_sign(
    session: Session, keyring: FileKeyring, clock: FixedClock, make: Make, partner: Partner, sweep: Callable
) -> None:
    webhook_id, old = make()
    new = webhooks.change_secret(session, webhook_id, EVERYWHERE, keyring=keyring, actor=TESTER, now=clock.now())
    webhooks.send_trial(session, webhook_id, EVERYWHERE, now=clock.now())
    session.commit()
    sweep()
    sent = partner.sent[0]
    expected = signature([new, old], sent.headers["webhook-id"], clock.now(), sent.body.decode())
    assert sent.headers["webhook-signature"] == expected
    clock.advance(hours=25)
    webhooks.send_trial(session, webhook_id, EVERYWHERE, now=clock.now())
    session.commit()
    sweep()
    assert len(partner.sent[1].headers["webhook-signature"].split()) == 1


def test_what_is_done_is_forgotten_after_a_month(
    clock: FixedClock, book: Book, make: Make, sweep: Callable[[], int], deliveries: Callable
) -> None:
    make(Event.TICKET_BOOKED)
    book()
    sweep()
    clock.advance(days=31)
    sweep()
    assert deliveries() == []


def test_nobody_who_does_not_listen_costs_anything(app: Flask, sweep: Callable[[], int], book: Book) -> None:
    book()
    run_job(app, "seal-audit")
    asked = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
        job.send_webhooks()
    assert sum("webhook" in one for one in asked) == len([one for one in asked if one != "BEGIN"]) == 2
