"""A webhook's address is corrected while something is on its way to the former one."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.webhooks import GONE, Event
from queue_app.models import DeliveryState, Webhook, WebhookDelivery
from queue_app.queries.records.webhooks import Reach
from queue_app.services.records import webhooks
from queue_app.services.records.audit import seal_entries
from queue_app.services.records.webhook_deliveries import Answered, claim_next, mark, queue_events
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock

EVERYWHERE = Reach((), everywhere=True)


def test_what_the_former_address_answers_says_nothing_about_the_new_one(
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
    book: Callable[..., object],
    make: Callable[..., tuple[int, str]],
    deliveries: Callable[[], list[WebhookDelivery]],
) -> None:
    webhook_id, _secret = make(Event.TICKET_BOOKED)
    book()
    seal_entries(session, keyring=keyring, now=clock.now())
    queue_events(session, webhook_id, now=clock.now())
    session.commit()
    claim = claim_next(session, webhook_id, keyring=keyring, now=clock.now())
    session.commit()
    assert claim is not None
    webhook = session.get_one(Webhook, webhook_id)
    webhook.failing_since = clock.now()
    wanted = webhooks.NewWebhook("Dinas Kominfo", "https://baru.example/", [Event.TICKET_BOOKED], None)
    assert webhooks.change(session, webhook_id, EVERYWHERE, wanted, actor=TESTER, now=clock.now())
    session.commit()
    assert not mark(session, claim, Answered(GONE, None, None), chance=0.5, now=clock.now())
    session.commit()
    assert (webhook.off, webhook.failing_since) == (None, None)
    assert [one.state for one in deliveries()] == [DeliveryState.WAITING]
    clock.advance(minutes=5)
    again = claim_next(session, webhook_id, keyring=keyring, now=clock.now())
    assert again is not None
    assert again.address == "https://baru.example/"
