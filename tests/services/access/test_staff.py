"""Staff: accounts, passwords, sessions that end, and one first administrator."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.errors import InvalidUsername, NotFound, UsernameTaken, WeakPassword, WrongCredentials
from queue_app.domain.roles import Permission, Role
from queue_app.models import Office, Staff, StaffSession
from queue_app.services.access import passwords, staff
from queue_app.services.access.colleagues import deactivate_staff
from queue_app.services.records.retention import SESSION_RETENTION, purge
from tests.harness.factories import PASSWORD, TESTER, make_office
from tests.harness.fakes import FixedClock

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)


@pytest.fixture
def office(session: Session) -> Office:
    return make_office(session)


def create(session: Session, office: Office, now: datetime, **different: object) -> Staff:
    wanted = {"username": "siti", "name": "Siti", "password": PASSWORD, "role": Role.DESK, "office_ids": [office.id]}
    return staff.create_staff(session, **{**wanted, **different}, actor=TESTER, now=now)  # type: ignore[arg-type]


def current(session: Session, token: str, now: datetime) -> staff.StaffIdentity | None:
    return staff.current(session, token, now=now, idle=IDLE, absolute=ABSOLUTE)


def stale(session: Session, token: str, now: datetime) -> bool:
    found = current(session, token, now)
    assert found is not None
    return found.is_stale(now)


def test_a_password_is_stored_as_argon2id_of_the_recommended_cost(
    session: Session, office: Office, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, real_hasher: PasswordHasher
) -> None:
    monkeypatch.setattr(passwords, "_hasher", real_hasher)
    stored = create(session, office, clock.now()).password_hash
    cost = extract_parameters(stored)
    assert cost.type is Type.ID
    assert (cost.time_cost, cost.memory_cost) >= (3, 64 * 1024)  # RFC 9106, second recommendation
    assert PASSWORD not in stored
    assert passwords.verify_password(session, username=" SITI ", password=PASSWORD)


def test_an_account_is_audited_without_its_password(
    session: Session, office: Office, clock: FixedClock, audited
) -> None:
    account = create(session, office, clock.now(), username=" Siti.W ", name="  Siti   Wahyuni ")
    assert (account.username, account.name, account.active) == ("siti.w", "Siti Wahyuni", True)
    (entry,) = audited()
    assert (entry.action, entry.after) == (
        "staff.created",
        {"username": "siti.w", "roles": ["desk"], "offices": [office.id]},
    )


@pytest.mark.parametrize("username", ["", "ab", "-abc", "si ti", "sítí", "a" * 41, "081234567890", "3314991703050001"])
def test_a_username_that_would_not_do_is_refused(
    session: Session, office: Office, clock: FixedClock, username: str
) -> None:
    """A telephone number or a NIK would stand in the audit log for ever."""
    with pytest.raises(InvalidUsername):
        create(session, office, clock.now(), username=username)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 201, "siti-wahyuni-dukcapil"])
def test_a_password_that_would_not_do_is_refused(
    session: Session, office: Office, clock: FixedClock, password: str
) -> None:
    with pytest.raises(WeakPassword) as refusal:
        create(session, office, clock.now(), username="siti-wahyuni-dukcapil", password=password)
    assert refusal.value.details == {"minimum": 12}


def test_a_username_is_given_once_and_an_account_has_an_office(
    session: Session, office: Office, clock: FixedClock
) -> None:
    create(session, office, clock.now())
    with pytest.raises(UsernameTaken):
        create(session, office, clock.now(), username="SITI")
    with pytest.raises(NotFound):
        create(session, office, clock.now(), username="budi", office_ids=[])


def test_two_administrators_creating_one_account_at_once_get_the_same_answer(
    session: Session, office: Office, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up has passed already when the other transaction commits: the constraint says it."""
    create(session, office, clock.now())
    session.commit()
    monkeypatch.setattr(session, "scalars", lambda *_: session.execute(select(Staff.id).where(Staff.id < 0)).scalars())
    with pytest.raises(UsernameTaken):
        create(session, office, clock.now())


@pytest.mark.parametrize(
    ("username", "password"), [("siti", "wrong-password"), ("budi", PASSWORD), ("", ""), ("siti", "")]
)
def test_wrong_credentials_get_one_answer(
    session: Session, office: Office, clock: FixedClock, username: str, password: str
) -> None:
    create(session, office, clock.now())
    with pytest.raises(WrongCredentials) as refusal:
        passwords.verify_password(session, username=username, password=password)
    assert refusal.value.details == {}


def test_an_unknown_account_costs_a_verification_too(
    session: Session, office: Office, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(session, office, clock.now())
    verified = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return PasswordHasher().verify(stored, password)

    passwords._decoy_hash()  # made at the first need, and this may be the first test that needs it
    monkeypatch.setattr(passwords, "_hasher", Counting())
    for username in ("siti", "nobody"):
        with pytest.raises(WrongCredentials):
            passwords.verify_password(session, username=username, password="wrong-password")
    assert len(verified) == 2
    assert extract_parameters(verified[0]) == extract_parameters(verified[1])


def test_a_session_tells_who_works_where_with_which_roles(session: Session, office: Office, clock: FixedClock) -> None:
    other = make_office(session, "gemolong")
    account = create(session, office, clock.now(), office_ids=[other.id, office.id])
    token = staff.start_session(session, account.id, now=clock.now())
    session.commit()
    identity = current(session, token, clock.now())
    assert identity is not None
    assert (identity.staff_id, identity.office_id, identity.roles) == (account.id, office.id, {Role.DESK})
    assert identity.offices == ((office.id, office.name), (other.id, other.name))
    assert identity.may(Permission.CHECK_IN)
    assert not identity.may(Permission.EDIT_QUOTA)
    stored = session.scalars(select(StaffSession)).one()
    assert token.encode() not in stored.token_hash
    assert current(session, token + "x", clock.now()) is None


def test_a_session_ends_when_idle(session: Session, office: Office, clock: FixedClock) -> None:
    token = staff.start_session(session, create(session, office, clock.now()).id, now=clock.now())
    session.commit()
    assert current(session, token, clock.now() + IDLE) is not None
    assert current(session, token, clock.now() + IDLE + timedelta(seconds=1)) is None
    assert not stale(session, token, clock.now() + timedelta(seconds=59))
    later = clock.advance(minutes=29)
    assert stale(session, token, later)
    staff.touch(session, token, now=later)
    session.commit()
    assert current(session, token, later + IDLE) is not None
    staff.touch(session, token, now=later - timedelta(minutes=20))  # a clock set back takes nothing away
    session.commit()
    assert current(session, token, later + IDLE) is not None


def test_a_session_ends_after_its_day_however_busy(session: Session, office: Office, clock: FixedClock) -> None:
    started = clock.now()
    token = staff.start_session(session, create(session, office, started).id, now=started)
    staff.touch(session, token, now=started + ABSOLUTE)
    session.commit()
    assert current(session, token, started + ABSOLUTE) is not None
    assert current(session, token, started + ABSOLUTE + timedelta(seconds=1)) is None


def test_logging_out_ends_the_session_once(session: Session, office: Office, clock: FixedClock, audited) -> None:
    token = staff.start_session(session, create(session, office, clock.now()).id, now=clock.now())
    for _ in range(2):
        staff.end_session(session, token, now=clock.now())
    staff.end_session(session, "unknown", now=clock.now())
    assert current(session, token, clock.now()) is None
    assert [entry.action for entry in audited()] == ["staff.created", "staff.logged_in", "staff.logged_out"]


def test_switching_goes_to_the_own_offices_only(session: Session, office: Office, clock: FixedClock) -> None:
    other, foreign = make_office(session, "gemolong"), make_office(session, "gondang")
    account = create(session, office, clock.now(), office_ids=[office.id, other.id])
    token = staff.start_session(session, account.id, now=clock.now())
    staff.switch_office(session, token, other.id)
    session.flush()
    identity = current(session, token, clock.now())
    assert identity is not None
    assert identity.office_slug == "gemolong"
    for wrong in ((token, foreign.id), (token, 4711), ("unknown", office.id)):
        with pytest.raises(NotFound):
            staff.switch_office(session, *wrong)


def test_a_locked_account_is_out_at_once(session: Session, office: Office, clock: FixedClock) -> None:
    account = create(session, office, clock.now())
    token = staff.start_session(session, account.id, now=clock.now())
    session.commit()
    lock(session, account.id, clock.now())
    session.commit()
    assert current(session, token, clock.now()) is None
    with pytest.raises(WrongCredentials):
        passwords.verify_password(session, username="siti", password=PASSWORD)
    with pytest.raises(NotFound):
        lock(session, 4711, clock.now())


def test_there_is_one_first_administrator_ever(session: Session, office: Office, clock: FixedClock) -> None:
    """Not even after the account is locked: the link of the first start may lie in a log."""
    other = make_office(session, "gemolong")
    assert not staff.administrator_exists(session)
    first = staff.create_first_administrator(
        session, username="admin", name="Admin", password=PASSWORD, now=clock.now()
    )
    assert [(row.office_id, row.role) for row in first.assignments] == [
        (office.id, Role.ADMINISTRATOR),
        (other.id, Role.ADMINISTRATOR),
    ]
    for _ in range(2):
        with pytest.raises(NotFound):
            staff.create_first_administrator(
                session, username="other", name="Other", password=PASSWORD, now=clock.now()
            )
        first.active = False
    assert session.scalar(select(func.count()).select_from(Staff)) == 1


def test_old_sessions_are_purged(session: Session, office: Office, clock: FixedClock) -> None:
    account = create(session, office, clock.now())
    staff.start_session(session, account.id, now=clock.now() - SESSION_RETENTION - timedelta(seconds=1))
    staff.start_session(session, account.id, now=clock.now() - SESSION_RETENTION)
    purge(session, retention=timedelta(days=90), now=clock.now())
    assert session.scalar(select(func.count()).select_from(StaffSession)) == 1


def lock(session: Session, staff_id: int, now: datetime) -> None:
    deactivate_staff(session, staff_id, reason="Pindah tugas", actor=TESTER, now=now)
