"""Citizens, desk, administrators and the clockwork all at once: nobody waits in a circle, and all rules still hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.errors import DomainError
from queue_app.models import OfficeService
from queue_app.services.arrivals import check_in, no_shows
from queue_app.services.booking.change import cancel, reschedule
from queue_app.services.calendar.days import make_days
from queue_app.services.records import outbox, retention
from tests.concurrency.conftest import Place
from tests.concurrency.races import Do, assert_sound, in_parallel
from tests.harness.factories import make_applicant
from tests.harness.fakes import FixedClock

CITIZENS, TURNS = 5, 24


def test_everything_at_once(
    app: Flask,
    opened: Callable[..., Place],
    booking: Any,
    closing_day: Any,
    opening_day: Any,
    setting_quota: Any,
    setting_schedule: Any,
    clock: FixedClock,
    keyring: FileKeyring,
) -> None:
    place = opened(capacity=4, hours=(8, 9, 10))
    slots = [slot for of_day in place.slots for slot in of_day]
    now, later = clock.now(), clock.now() + timedelta(days=1, hours=8)

    def citizen(seed: int) -> Callable[[Do], None]:
        chance = random.Random(seed)

        def act(do: Do) -> None:
            mine: list[tuple[int, str]] = []
            for turn in range(TURNS):
                what, slot = chance.random(), chance.choice(slots)
                if not mine or what < 0.5:
                    party = [make_applicant(chance.randrange(12)) for _ in range(chance.choice([1, 1, 2, 3]))]
                    outcome = do(booking(slot, *party))
                    mine += [outcome.value[:2]] if outcome.won else []
                elif what < 0.7:
                    booking_id, _code = mine.pop()
                    do(lambda session, one=booking_id: cancel(session, one, now=now).id)
                elif what < 0.9:
                    do(lambda session, one=mine[-1][0], to=slot: reschedule(session, one, to, now=now).id)
                else:
                    scan = check_in.Scan(mine[-1][1], place.office_id, None, f"nonce-{seed}-{turn}")
                    do(lambda session, scan=scan: check_in.check_in(session, scan, keyring=keyring, now=later)[0].id)

        return act

    def administrator(do: Do) -> None:
        chance = random.Random(99)
        for number in range(TURNS):
            day = chance.choice(place.day_ids)
            first = chance.choice(place.days)
            hours = tuple(chance.sample([8, 9, 10, 13], 2))
            steps = [closing_day(day), opening_day(day), setting_quota(day, chance.randrange(15))]
            steps.append(setting_schedule(place, first, hours, chance.randrange(6)))
            do(steps[number % 4])

    def clockwork(do: Do) -> None:
        def make(session: Session) -> int:
            return make_days(session, session.get_one(OfficeService, place.offering_id), now=later)

        for _ in range(TURNS // 2):
            do(make)
            do(lambda session: no_shows.mark_no_shows(session, now=later))
            do(lambda session: outbox.queue_due_reminders(session, now=later))
            do(lambda session: len(outbox.claim_messages(session, now=later)))
            do(lambda session: retention.purge(session, retention=timedelta(days=90), now=later))

    outcomes = in_parallel(app, *(citizen(seed) for seed in range(CITIZENS)), administrator, clockwork, clockwork)
    assert sum(outcome.won for outcome in outcomes) > CITIZENS * TURNS / 3
    assert all(outcome.won or isinstance(outcome.refusal, DomainError) for outcome in outcomes)
    assert_sound(app)
