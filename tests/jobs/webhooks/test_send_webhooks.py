"""Partners are told once of what has happened, and again where that failed, by a real server of theirs."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.webhooks import Event, signature
from queue_app.models import ApiKey, AuditEntry, Booking, DeliveryState, SwitchedOff, Webhook
from queue_app.queries.records.webhooks import Reach
from queue_app.services.access import api_keys
from queue_app.services.booking.change import cancel
from queue_app.services.records import webhooks
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.partner import Partner, Sent, answers, hangs_up

pytestmark = pytest.mark.offering(capacity=20)

Book = Callable[..., Booking]
Make = Callable[..., tuple[int, str]]
EVERYWHERE = Reach((), everywhere=True)


def bodies(sent: list[Sent]) -> list[dict[str, object]]:
    return [json.loads(one.body) for one in sent]


def test_a_partner_is_told_signed_and_without_names(
    session: Session, clock: FixedClock, book: Book, make: Make, partner: Partner, sweep: Callable[[], int]
) -> None:
    book()  # before anybody listens
    sweep()
    webhook_id, secret = make()
    booking = book(persons=2)
    cancel(session, booking.id, now=clock.now())
    session.commit()
    assert sweep() == 4
    first, *_ = partner.sent
    at = clock.now()
    assert first.headers["webhook-timestamp"] == str(int(at.timestamp()))
    signed = signature([secret], first.headers["webhook-id"], at, first.body.decode())
    assert first.headers["webhook-signature"] == signed
    told = bodies(partner.sent)
    assert [one["type"] for one in told] == ["ticket.booked"] * 2 + ["ticket.cancelled"] * 2
    assert [one["sequence"] for one in told] == sorted({one["sequence"] for one in told})
    assert told[0]["data"] == {
        "office": "sragen",
        "service": "KTP_REKAM",
        "date": "2026-11-26",
        "starts_at": "2026-11-26T08:00:00+07:00",
        "queue_number": told[0]["data"]["queue_number"],
        "state": "booked",
    }
    everything = b"".join(one.body for one in partner.sent)
    for secret_fact in ("331499", "Siti", "Wahyuni", booking.code, "+62"):
        assert secret_fact.encode() not in everything
    assert sweep() == 0


def test_only_what_is_ticked_and_only_of_the_office(
    session: Session, clock: FixedClock, book: Book, make: Make, partner: Partner, sweep: Callable[[], int]
) -> None:
    booking = book()
    office_id = booking.tickets[0].office_id
    make(Event.TICKET_CANCELLED, office_id=office_id)
    book()
    cancel(session, booking.id, now=clock.now())
    session.commit()
    assert sweep() == 1
    assert [one["type"] for one in bodies(partner.sent)] == ["ticket.cancelled"]


def test_codes_are_told_of_bookings_that_the_partner_has_made(
    session: Session, book: Book, make: Make, partner: Partner, sweep: Callable[[], int], clock: FixedClock
) -> None:
    api_keys.create(
        session, name="Mitra", scopes=["bookings:write"], limit_per_minute=None, actor=TESTER, now=clock.now()
    )
    key_id = session.scalar(select(ApiKey.id))
    session.commit()
    make(Event.TICKET_BOOKED, api_key_id=key_id)
    book()
    theirs = book()
    theirs.api_key_id = key_id
    session.commit()
    assert sweep() == 2
    codes = [one["data"].get("booking_code") for one in bodies(partner.sent)]
    assert codes == [None, f"{theirs.code[:4]}-{theirs.code[4:]}"]


def test_a_failure_goes_again_later_with_the_same_id_and_body(
    clock: FixedClock, book: Book, make: Make, partner: Partner, sweep: Callable[[], int], deliveries: Callable
) -> None:
    make(Event.TICKET_BOOKED)
    book()
    partner.script = [answers(500, b"Basis data penuh"), hangs_up]
    assert sweep() == 0
    (one,) = deliveries()
    assert (one.state, one.status, one.answer, one.tries) == (DeliveryState.WAITING, 500, "Basis data penuh", 1)
    assert sweep() == 0  # not due yet
    clock.advance(minutes=1)
    assert sweep() == 0
    (one,) = deliveries()
    assert (one.status, one.problem, one.webhook.failing_since is None) == (
        None,
        "connection lost: RemoteDisconnected",
        False,
    )
    clock.advance(minutes=2)
    assert sweep() == 1
    (one,) = deliveries()
    assert (one.state, one.status, one.problem, one.tries) == (DeliveryState.DELIVERED, 200, None, 3)
    assert one.webhook.failing_since is None
    assert len({(sent.headers["webhook-id"], sent.body) for sent in partner.sent}) == 1
    assert len({sent.headers["webhook-signature"] for sent in partner.sent}) == 3  # each says when


def test_a_delivery_is_given_up_after_three_days_and_a_webhook_after_five(
    session: Session, clock: FixedClock, book: Book, make: Make, partner: Partner, sweep: Callable, deliveries: Callable
) -> None:
    webhook_id, _ = make(Event.TICKET_BOOKED)
    book()
    partner.script = [answers(503)] * 100
    hours = 0
    while hours < 4 * 24:
        sweep()
        clock.advance(hours=2)
        hours += 2
    (first,) = deliveries()
    assert first.state is DeliveryState.FAILED
    assert 10 <= first.tries <= 40
    book(date(2026, 12, 7))
    sweep()
    clock.advance(hours=25)
    sweep()
    webhook = session.get(Webhook, webhook_id, populate_existing=True)
    assert webhook is not None
    assert webhook.off is SwitchedOff.FAILING
    said = session.scalars(select(AuditEntry).where(AuditEntry.action == "webhook.switched_off")).one()
    assert (said.actor, said.after) == ("system:webhooks", {"partner": "Dinas Kominfo", "off": "failing"})


def test_gone_switches_off_at_once_and_nothing_is_queued_until_it_is_on_again(
    session: Session, clock: FixedClock, book: Book, make: Make, partner: Partner, sweep: Callable, deliveries: Callable
) -> None:
    webhook_id, _ = make(Event.TICKET_BOOKED)
    book()
    partner.script = [answers(410)]
    sweep()
    assert [one.state for one in deliveries()] == [DeliveryState.FAILED]
    book()
    sweep()
    webhook = webhooks.switch_on(session, webhook_id, EVERYWHERE, actor=TESTER, now=clock.now())
    assert webhook.off is None
    session.commit()
    book()
    assert sweep() == 1
    assert len(deliveries()) == 2
