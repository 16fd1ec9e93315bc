"""A new password is a good one and puts everybody else out; sessions are seen and ended."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.errors import WeakPassword, WrongCredentials
from queue_app.domain.roles import Role
from queue_app.models import Staff
from queue_app.services.access import own_account, passwords, staff
from queue_app.services.access.password_rules import require_strong
from tests.harness.factories import PASSWORD, TESTER, make_office
from tests.harness.fakes import FixedClock

LIMITS = {"idle": timedelta(minutes=30), "absolute": timedelta(hours=12)}
NEW = "tiga becak lewat jembatan"
Begin = Callable[[], str]


@pytest.fixture
def siti(session: Session, clock: FixedClock) -> Staff:
    office = make_office(session)
    wanted = {"username": "siti.w", "name": "Siti Wahyuni", "password": PASSWORD, "role": Role.DESK}
    return staff.create_staff(session, **wanted, office_ids=[office.id], actor=TESTER, now=clock.now())


@pytest.fixture
def begin(session: Session, siti: Staff, clock: FixedClock) -> Begin:
    return lambda: staff.start_session(session, siti.id, now=clock.now())


def change(session: Session, siti: Staff, new: str, clock: FixedClock) -> None:
    proof = passwords.verify_password(session, username="siti.w", password=PASSWORD)
    own_account.change_password(session, proof, own_account.new_hash(session, siti.id, new), now=clock.now())


def is_in(session: Session, token: str, clock: FixedClock) -> bool:
    session.expire_all()
    return staff.current(session, token, now=clock.now(), **LIMITS) is not None


def test_a_new_password_is_the_only_one_and_ends_every_session(
    session: Session, siti: Staff, begin: Begin, clock: FixedClock, audited
) -> None:
    tokens = [begin(), begin()]
    change(session, siti, NEW, clock)
    session.commit()
    assert not any(is_in(session, token, clock) for token in tokens)
    assert passwords.verify_password(session, username="siti.w", password=NEW).staff_id == siti.id
    with pytest.raises(WrongCredentials):
        passwords.verify_password(session, username="siti.w", password=PASSWORD)
    entry = audited()[-1]
    assert (entry.action, entry.actor, entry.after) == ("staff.password_changed", f"staff:{siti.id}", None)


@pytest.mark.parametrize(
    "password",
    [
        *("elevenchars", "x" * 201, "passwordpassword", "123456789012", "qwertyuiop123", "1qaz2wsx3edc"),
        *("siti.wsiti.w", "siti wahyuni 1", "sragensragen1", "dukcapilsragen", "Bismillah1234", "katasandi2026"),
    ],
)
def test_a_password_that_is_tried_first_is_refused(
    session: Session, siti: Staff, begin: Begin, clock: FixedClock, password: str
) -> None:
    token = begin()
    with pytest.raises(WeakPassword):
        own_account.new_hash(session, siti.id, password)
    session.commit()
    assert is_in(session, token, clock)


@pytest.mark.parametrize(
    "password", [NEW, PASSWORD, "kuda besar lari", "Xk2-93jf-aPq1", "ñ漢字🐢becak läuft jauh", f"{NEW}, " * 7]
)
def test_length_is_what_counts_and_any_sign_will_do(password: str) -> None:
    """Also 64 characters and more, all spaces and letters of every script."""
    require_strong(password[:200], about=("siti.w", "Siti Wahyuni", "Dispendukcapil Sragen"))


def test_nothing_of_a_password_is_cut_off(session: Session, siti: Staff, clock: FixedClock) -> None:
    long = (NEW + " ") * 7
    change(session, siti, long, clock)
    for other in (long[:-1], long.strip(), long[:72], long.upper()):
        with pytest.raises(WrongCredentials):
            passwords.verify_password(session, username="siti.w", password=other)
    assert passwords.verify_password(session, username="siti.w", password=long)


def test_sessions_are_seen_and_ended_but_for_ones_own(
    session: Session, siti: Staff, begin: Begin, clock: FixedClock
) -> None:
    old = begin()
    clock.advance(minutes=31)
    other = begin()
    clock.advance(minutes=1)
    here = begin()
    session.commit()
    seen = own_account.open_sessions(session, siti.id, here, now=clock.now(), **LIMITS)
    assert [one.this for one in seen] == [True, False], "the newest first, and without the one that was idle too long"
    assert own_account.end_sessions(session, siti.id, actor=TESTER, now=clock.now(), keep=here) == 2
    session.commit()
    assert [is_in(session, token, clock) for token in (old, other, here)] == [False, False, True]


def test_what_was_proven_by_the_former_password_begins_nothing(
    session: Session, siti: Staff, clock: FixedClock
) -> None:
    """Somebody is logging in, or changing it too, while it is changed: hashing takes a while."""
    early = passwords.verify_password(session, username="siti.w", password=PASSWORD)
    change(session, siti, NEW, clock)
    session.commit()
    with pytest.raises(WrongCredentials):
        passwords.still_proven(session, early)
    with pytest.raises(WrongCredentials):
        own_account.change_password(session, early, NEW, now=clock.now())
