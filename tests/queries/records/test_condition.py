"""How the installation is doing, as far as the database knows."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import MessageState, OfficeService, OutboxMessage
from queue_app.queries.records import condition as condition_module
from queue_app.queries.records.condition import condition
from queue_app.services.records.leases import record_end, record_start, take_lease
from tests.harness.factories import make_booking, make_offering, slots_of
from tests.harness.fakes import THURSDAY, FixedClock


def test_of_an_empty_installation_there_is_little_to_say(session: Session, clock: FixedClock) -> None:
    found = condition(session, now=clock.now())
    assert set(found.messages.values()) == {0}
    assert (found.waiting_since, found.jobs, found.lease_until, found.spare_days) == (None, (), None, None)


def test_messages_by_state_and_the_one_that_waits_longest(
    session: Session, clock: FixedClock, offering: OfficeService, keyring: FileKeyring
) -> None:
    for slot in slots_of(session, offering, THURSDAY):
        make_booking(session, slot.id, keyring=keyring, now=clock.now())
        clock.advance(minutes=1)
    session.execute(update(OutboxMessage).where(OutboxMessage.id == 1).values(state=MessageState.SENDING))
    session.flush()
    found = condition(session, now=clock.now())
    assert found.messages == {MessageState.QUEUED: 1, MessageState.SENDING: 1, MessageState.FAILED: 0}
    assert found.waiting_since == clock.now() - timedelta(minutes=2), "whose sender has died"
    session.execute(update(OutboxMessage).values(next_try_at=clock.now() + timedelta(seconds=1)))
    assert condition(session, now=clock.now()).waiting_since is None, "it is due later"


def test_no_more_messages_are_counted_than_need_be(
    session: Session, clock: FixedClock, offering: OfficeService, keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slot in slots_of(session, offering, THURSDAY):
        make_booking(session, slot.id, keyring=keyring, now=clock.now())
    monkeypatch.setattr(condition_module, "AT_MOST", 1)
    assert condition(session, now=clock.now()).messages[MessageState.QUEUED] == 1


def test_jobs_and_the_lease(session: Session, clock: FixedClock) -> None:
    began = clock.now()
    for name, error in (("good", None), ("bad", "ValueError")):
        record_start(session, name, now=began)
        record_end(session, name, done=None if error else 1, error=error, now=began)
    take_lease(session, "scheduler", "one", now=began)
    session.flush()
    found = condition(session, now=clock.advance(seconds=5))
    jobs = {job.name: (job.succeeded_at, job.failed) for job in found.jobs}
    assert jobs == {"good": (began, False), "bad": (None, True)}
    assert found.lease_until is not None
    assert found.lease_until > clock.now()


def test_spare_days_are_the_least_of_all_services_that_are_offered(session: Session, clock: FixedClock) -> None:
    first = make_offering(session, now=clock.now())
    assert condition(session, now=clock.now()).spare_days == 7
    first.days_made_until = None
    session.flush()
    assert condition(session, now=clock.now()).spare_days == -1 - first.opens_days_before
    first.active = False
    session.flush()
    assert condition(session, now=clock.now()).spare_days is None
