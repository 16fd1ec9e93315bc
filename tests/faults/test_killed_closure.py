"""`kill -9` of the job in the middle of a closure: each person has one offer and one message all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from queue_app.db import db, unit_of_work
from queue_app.domain.clock import SystemClock
from queue_app.models import Closure, Offer, OfficeService, OutboxMessage, Slot
from queue_app.services.calendar.closures import confirm
from tests.concurrency.races import assert_sound
from tests.faults.conftest import LONG
from tests.faults.product import PATIENCE, Product
from tests.harness.closing import drafted
from tests.harness.factories import TESTER, make_booking

PEOPLE = 800 if LONG else 120
KILLS = 6 if LONG else 2
# A batch is small, and each rests: so there is a middle to be killed in.
SLOWLY = """
import time
from queue_app import create_app
from queue_app.config import settings_from
from queue_app.jobs import registry
from queue_app.services.calendar import carrying_out
real = carrying_out.claim_places
def claim(*arguments):
    time.sleep(0.001)
    return real(*arguments)
carrying_out.claim_places = claim
carrying_out.carry_out.__kwdefaults__["limit"] = 20
registry.run_job(create_app(settings_from()), "carry-out-closures")
"""


def test_a_job_that_is_killed_again_and_again(
    app: Flask, opened: Callable[..., list[int]], product: Product, clock: SystemClock
) -> None:
    slots = opened(capacity=PEOPLE // 2, hours=(8, 9))
    keyring = app.extensions["keyring"]
    with app.app_context():
        with unit_of_work() as session:
            for number in range(PEOPLE):
                make_booking(session, slots[number % 2], keyring=keyring, now=clock.now())
        with unit_of_work() as session:
            slot = session.get_one(Slot, slots[0])
            offering = session.scalars(select(OfficeService)).one()
            closure = drafted(session, offering, slot.day, now=clock.now())
            confirm(session, closure.id, office_id=slot.office_id, actor=TESTER, now=clock.now())
            closure_id = closure.id
    killed, seen = 0, 0
    until = time.monotonic() + PATIENCE * 20
    while not _is_done(app, closure_id):
        assert time.monotonic() < until
        job = subprocess.Popen([sys.executable, "-c", SLOWLY], env=product.environment, stderr=subprocess.DEVNULL)
        while job.poll() is None and _offers(app) < seen + 20:
            time.sleep(0.01)
        if job.poll() is None and killed < KILLS:
            os.kill(job.pid, signal.SIGKILL)
            killed += 1
        job.wait(timeout=PATIENCE * 4)
        seen = _offers(app)
    assert killed == KILLS, "the job was not killed in the middle"
    with app.app_context():
        session = db.session()
        offers = Counter(session.scalars(select(Offer.booking_id)))
        told = Counter(session.scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "day_closed")))
    assert len(offers) == PEOPLE
    assert set(offers.values()) == {1}
    assert told == offers
    assert_sound(app)


def _offers(app: Flask) -> int:
    with app.app_context():
        count = db.session().scalar(select(func.count()).select_from(Offer)) or 0
        db.session.rollback()
        return count


def _is_done(app: Flask, closure_id: int) -> bool:
    with app.app_context():
        state = db.session().scalars(select(Closure.state).where(Closure.id == closure_id)).one()
        db.session.rollback()
        return state == "done"
