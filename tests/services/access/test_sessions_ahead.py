"""Log-ins when the clock is set back: a small step is nobody's trouble, and none outlives its limit."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.roles import Role
from queue_app.models import Office
from queue_app.services.access import sessions_ahead, staff
from tests.harness.factories import make_staff
from tests.harness.fakes import FixedClock

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)


def account(session: Session, office: Office, clock: FixedClock) -> int:
    return make_staff(session, office, Role.DESK, now=clock.now()).id


def current(session: Session, token: str, now: object) -> staff.StaffIdentity | None:
    return staff.current(session, token, now=now, idle=IDLE, absolute=ABSOLUTE)  # type: ignore[arg-type]


def stale(session: Session, token: str, now: datetime) -> bool:
    found = current(session, token, now)
    assert found is not None
    return found.is_stale(now)


@pytest.mark.parametrize("back", [timedelta(seconds=20), timedelta(minutes=29)])
def test_a_small_step_back_logs_nobody_out_and_lengthens_no_day(
    session: Session, office: Office, clock: FixedClock, back: timedelta
) -> None:
    token = staff.start_session(session, account(session, office, clock), now=clock.now())
    session.commit()
    right = clock.advance(seconds=-back.total_seconds())
    assert current(session, token, right) is not None
    assert stale(session, token, right)
    staff.touch(session, token, now=right)
    session.commit()
    assert not stale(session, token, right)
    staff.touch(session, token, now=right + ABSOLUTE)
    session.commit()
    assert current(session, token, right + ABSOLUTE) is not None
    assert current(session, token, right + ABSOLUTE + timedelta(seconds=1)) is None


@pytest.mark.parametrize("back", [timedelta(minutes=31), timedelta(days=3)])
def test_a_large_step_back_ends_the_session_for_good(
    session: Session, office: Office, clock: FixedClock, back: timedelta
) -> None:
    ahead, right = clock.now(), clock.now() - back
    siti = account(session, office, clock)
    token = staff.start_session(session, siti, now=ahead)
    session.commit()
    assert current(session, token, right) is None
    assert sessions_ahead.there_are_some(session, idle=IDLE, now=right)
    own = staff.start_session(session, siti, now=right)
    assert sessions_ahead.end(session, idle=IDLE, now=right) == 1
    session.commit()
    assert not sessions_ahead.there_are_some(session, idle=IDLE, now=right)
    assert current(session, own, right) is not None
    assert current(session, token, ahead) is None, "not even when the clock is there again"
