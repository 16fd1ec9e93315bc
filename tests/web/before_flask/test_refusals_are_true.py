"""Whatever administrators, clocks and the crowd do in whatever order: a refusal is one that was true less than a second
ago, and "not open yet" one that is true by the office's clock.
"""

from __future__ import annotations

from datetime import datetime, time

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.domain.errors import BookingClosed, NotOpenYet
from queue_app.models import OfficeService, Slot
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.web.before_flask.conftest import ByProgram, Seconds
from tests.web.before_flask.reasons import DAY_CLOSED, rules

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # which one it is makes no difference

OPENS = (time(9, 0, 1), time(8, 59, 59), time(10))  # on the day before, as it closes then; at first it is nine
CLOSES = (time(9, 0, 2), time(9, 0, 3), time(16))
STEPS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.45, 0.6, 1.0])),
    st.tuples(st.just("set the clock"), st.sampled_from([-3600.0, -1.5, -0.3, 0.3, 1.5, 3600.0])),
    st.tuples(st.just("opens"), st.sampled_from(range(len(OPENS)))),
    st.tuples(st.just("closes"), st.sampled_from(range(len(CLOSES)))),
    st.tuples(st.just("close or open the day"), st.just(0.0)),
)


def test_a_refusal_was_true_a_moment_ago(
    slot: Slot,
    offering: OfficeService,
    by_program: ByProgram,
    stranger: FlaskClient,
    session: Session,
    clock: FixedClock,
    seconds: Seconds,
) -> None:
    def truth() -> tuple[str, datetime | None]:
        """What everybody would hear now, and when it ends by itself."""
        session.rollback()
        try:
            offering.booking_rules.check_bookable(slot.day, slot.starts_at, now=clock.now())
        except NotOpenYet as refusal:
            return refusal.code, refusal.details["opens_at"]
        except BookingClosed as refusal:
            return refusal.code, None
        return ("", None) if slot.accepts else (DAY_CLOSED.code, None)

    def press(heard: list[tuple[float, str, datetime | None]]) -> None:
        answer = by_program(slot, stranger)
        code = answer.json["code"] if answer.status_code == 409 else ""
        if code in {"", "already_booked"}:  # the application has judged
            assert truth()[0] in {"", DAY_CLOSED.code if code else ""}
            return
        recent = [(known, ends) for at, known, ends in heard if at > seconds.now - 1.0] + [truth()]
        assert any(code == known and (ends is None or clock.now() < ends) for known, ends in recent)

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEPS, min_size=2, max_size=10))
    def in_any_order(steps: list[tuple[str, float]]) -> None:
        seconds.now += 1000.0
        clock.set(MONDAY_MORNING)
        rules(opens_days_before=1, opens_at=OPENS[0], closes_at=CLOSES[-1])(session, slot, clock.now())
        session.execute(update(Slot).where(Slot.id == slot.id).values(capacity=10_000, planned=10_000))
        session.commit()
        if not slot.accepts:
            DAY_CLOSED.end(session, slot, clock.now())
        heard = [(seconds.now, *truth())]
        press(heard)
        for step, value in steps:
            match step:
                case "wait":
                    heard.append((seconds.now + value, *truth()))  # it was so until the end of it
                    clock.advance(seconds=value)
                    seconds.now += value
                case "set the clock":
                    clock.jump(seconds=value)
                case "opens":
                    rules(opens_at=OPENS[int(value)])(session, slot, clock.now())
                case "closes":
                    rules(closes_at=CLOSES[int(value)])(session, slot, clock.now())
                case _:
                    session.rollback()
                    (DAY_CLOSED.begin if slot.accepts else DAY_CLOSED.end)(session, slot, clock.now())
            heard.append((seconds.now, *truth()))
            press(heard)
            heard.append((seconds.now, *truth()))

    in_any_order()
