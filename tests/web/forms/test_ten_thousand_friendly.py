"""Ten thousand valid requests, never a failure of ours: forms of all pages by everybody, the API by its document."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from flask import Flask
from schemathesis import GenerationMode
from sqlalchemy import select

from queue_app.db import db
from queue_app.jobs.registry import JOBS, perform
from queue_app.models import Booking, Slot
from tests.concurrency.races import assert_sound
from tests.harness.fakes import FixedClock
from tests.web.api.by_document import attack, operations
from tests.web.attackers import Attacker, report
from tests.web.counter_forms import offered_pages, waiting_pages
from tests.web.crawling import FIRST
from tests.web.forms.conftest import each_share
from tests.web.wandering import Wanderer

FRIENDLY = 10_000
SHARES = 2  # on two workers
ON_POSTGRESQL = 1000
OF_PROGRAMS = 0.2  # of all requests
LATER = 250  # requests between two moves of the clock


@pytest.mark.slow
@each_share(SHARES, FRIENDLY, ON_POSTGRESQL)
def test_ten_thousand_valid_requests(
    app: Flask, attackers: list[Attacker], partner_key: str, clock: FixedClock, share: int, requests: int
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True  # as served: each page brings its token
    of_programs = int(requests * OF_PROGRAMS)
    programs(app, partner_key, of_programs, share)
    chance = random.Random(share)
    today = clock.now().date()
    more = [*FIRST, *waiting_pages(app), *offered_pages(app)]
    wanderers = [Wanderer(person, more, today, chance) for person in attackers]
    moved = itertools.count(1)
    turn = next(moved)
    while (asked := sum(person.turn for person in attackers)) < requests - of_programs:
        chance.choice(wanderers).step()
        if asked >= turn * LATER:
            turn = next(moved)
            clock.advance(minutes=chance.choice([5, 20]))
            for job in JOBS:
                perform(app, job)
    assert of_programs + asked >= requests
    assert not attackers[0].failures, report(attackers[0].failures)
    answered = sum((person.answered for person in attackers), Counter[int]())
    assert answered[200] + answered[303] > (requests - of_programs) * 0.7, answered
    assert_sound(app)


def programs(app: Flask, key: str, requests: int, share: int) -> None:
    """So many by the document, to ways that lead somewhere and others; all answers are as it says."""
    with app.app_context():
        codes = [booking.code for booking in db.session().scalars(select(Booking).order_by(Booking.id))]
        slots = db.session().scalars(select(Slot.id).order_by(Slot.id)).all()
    fitting = {"code": codes, "office": ["sragen", "gemolong"], "slot_id": slots}
    described = operations(app)
    each = -(-requests // len(described))
    for operation in described:
        sent = 0
        while sent < each:  # where there is little to vary, fewer are made at once
            sent += attack(operation, GenerationMode.POSITIVE, each - sent, key, fitting, beginning=share + sent)
