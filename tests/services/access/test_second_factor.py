"""The second factor: enrolled by a right code, each code good once, and what a wrong clock does to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.account_errors import SecondFactorNeeded, WrongCode
from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.keyring import bound_to_account
from queue_app.domain.roles import Role
from queue_app.models import RecoveryCode, SecondFactor, Staff
from queue_app.services.access import recovery_codes, second_factor, staff
from queue_app.services.access.passwords import Proof
from queue_app.services.access.time_codes import address_of, step_of
from tests.harness.factories import SECRET, TESTER, enrol, make_office, make_staff, time_code
from tests.harness.fakes import FixedClock


@pytest.fixture
def owner(session: Session, clock: FixedClock) -> Staff:
    return make_staff(session, make_office(session), Role.AUDITOR, now=clock.now(), username="siti")


@pytest.fixture
def enrolled(session: Session, owner: Staff, keyring: FileKeyring, clock: FixedClock) -> Staff:
    enrol(session, owner, keyring, now=clock.now())
    session.flush()
    return owner


def use(session: Session, who: Staff, typed: str, keyring: FileKeyring, now: datetime) -> int | None:
    return second_factor.use(session, who, second_factor.read_typed(session, who.id, typed), keyring=keyring, now=now)


def confirm(session: Session, who: Staff, code: str, keyring: FileKeyring, now: datetime) -> tuple[str, ...]:
    codes = recovery_codes.new_codes()
    second_factor.confirm(session, who.id, code, codes, keyring=keyring, now=now)
    return codes.shown


def test_nothing_is_on_before_the_first_right_code(
    session: Session, owner: Staff, keyring: FileKeyring, clock: FixedClock, audited
) -> None:
    at = {"keyring": keyring, "now": clock.now()}
    second_factor.begin(session, owner.id, **at)
    first = second_factor.pending_secret(session, owner.id, **at)
    second_factor.begin(session, owner.id, **at)
    secret = second_factor.pending_secret(session, owner.id, **at)
    assert secret is not None
    assert first != secret, "begun anew it is another one"
    for wrong in ("", "000000", pyotp.TOTP(first or "").at(clock.now())):
        with pytest.raises(WrongCode):
            confirm(session, owner, wrong, **at)
    assert not second_factor.is_on(session, owner.id)
    confirm(session, owner, pyotp.TOTP(secret).at(clock.now()), **at)
    assert second_factor.is_on(session, owner.id)
    row = session.scalars(select(SecondFactor)).one()
    assert keyring.open(row.secret or b"", bound_to=bound_to_account(owner.id, "secret")) == secret
    assert row.pending is None
    assert audited()[-1].action == "staff.second_factor_on"


def test_what_was_begun_long_ago_is_begun_anew(
    session: Session, owner: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    second_factor.begin(session, owner.id, keyring=keyring, now=clock.now())
    clock.advance(hours=1, seconds=1)
    assert second_factor.pending_secret(session, owner.id, keyring=keyring, now=clock.now()) is None


def test_changing_the_telephone_leaves_the_old_one_good_until_the_new_one_is_proven(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    at = {"keyring": keyring, "now": clock.now()}
    second_factor.begin(session, enrolled.id, **at)
    use(session, enrolled, time_code(clock.now()), **at)
    secret = second_factor.pending_secret(session, enrolled.id, **at)
    confirm(session, enrolled, pyotp.TOTP(secret or "").at(clock.now()), **at)
    clock.advance(minutes=1)
    with pytest.raises(WrongCode):
        use(session, enrolled, time_code(clock.now()), keyring, clock.now())
    use(session, enrolled, pyotp.TOTP(secret or "").at(clock.now()), keyring, clock.now())


@pytest.mark.parametrize(("seconds", "good"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_telephone_may_be_half_a_minute_off(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock, seconds: int, good: bool
) -> None:
    code = time_code(clock.now() + timedelta(seconds=seconds))
    if good:
        assert use(session, enrolled, code, keyring, clock.now()) is None
        return
    with pytest.raises(WrongCode):
        use(session, enrolled, code, keyring, clock.now())


@pytest.mark.parametrize("shape", ["{0} ", " {0}", "{1} {2}", "{1}-{2}", "{3}"])
def test_a_code_is_read_however_it_was_grouped(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock, shape: str
) -> None:
    code = time_code(clock.now())
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    use(session, enrolled, shape.format(code, code[:3], code[3:], wide), keyring, clock.now())


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\ud800", "9" * 40, "7KX9-2MQA", "１２"])
def test_what_is_no_code_is_refused(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock, typed: str
) -> None:
    with pytest.raises(WrongCode):
        use(session, enrolled, typed, keyring, clock.now())


def test_a_code_is_good_once_and_none_before_it_afterwards(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    before, code = time_code(clock.now() - timedelta(seconds=30)), time_code(clock.now())
    use(session, enrolled, code, keyring, clock.now())
    for used in (code, before):
        with pytest.raises(WrongCode):
            use(session, enrolled, used, keyring, clock.now())
    use(session, enrolled, time_code(clock.now() + timedelta(seconds=30)), keyring, clock.now())


def test_a_clock_that_was_ahead_keeps_nobody_out(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    clock.advance(days=400)
    use(session, enrolled, time_code(clock.now()), keyring, clock.now())
    clock.advance(days=-400)
    code = time_code(clock.now())
    use(session, enrolled, code, keyring, clock.now())
    with pytest.raises(WrongCode):
        use(session, enrolled, code, keyring, clock.now())


@pytest.mark.parametrize("seconds", [60, 90])
def test_a_small_step_back_makes_no_used_code_good_again(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock, seconds: int
) -> None:
    """Nor do clocks of two machines that differ by so much."""
    code = time_code(clock.now())
    use(session, enrolled, time_code(clock.now() + timedelta(seconds=30)), keyring, clock.now())
    with pytest.raises(WrongCode):
        use(session, enrolled, code, keyring, clock.now() - timedelta(seconds=seconds - 30))


def test_a_machine_that_thinks_it_is_1970_refuses_in_words() -> None:
    assert step_of(SECRET, "123456", datetime(1970, 1, 1, tzinfo=UTC)) is None


def test_a_recovery_code_is_good_once_and_needs_no_clock(
    session: Session, owner: Staff, keyring: FileKeyring, clock: FixedClock, audited
) -> None:
    at = {"keyring": keyring, "now": clock.now()}
    second_factor.begin(session, owner.id, **at)
    secret = second_factor.pending_secret(session, owner.id, **at)
    first, second, *others = confirm(session, owner, pyotp.TOTP(secret or "").at(clock.now()), **at)
    assert len(others) == 8
    stored = [row.code_hash for row in session.scalars(select(RecoveryCode))]
    assert all(code.encode() not in hashed for code in (first, second, *others) for hashed in stored)
    clock.set(datetime(1970, 1, 1, tzinfo=UTC))
    typed = first.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert use(session, owner, typed, keyring, clock.now()) == 9
    with pytest.raises(WrongCode):
        use(session, owner, first, keyring, clock.now())
    assert use(session, owner, second, keyring, clock.now()) == 8
    assert [entry.after for entry in audited() if entry.action == "staff.recovery_code_used"] == [
        {"left": 9},
        {"left": 8},
    ]


def test_renewed_recovery_codes_are_the_only_ones(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    proof, codes = Proof(enrolled.id, enrolled.password_hash), [recovery_codes.new_codes() for _ in range(2)]
    for made in codes:
        recovery_codes.renew(session, proof, made, now=clock.now())
    with pytest.raises(WrongCode):
        use(session, enrolled, codes[0].shown[0], keyring, clock.now())
    assert use(session, enrolled, codes[1].shown[0], keyring, clock.now()) == 9


def test_a_secret_that_the_keys_do_not_open_refuses_codes(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    row = session.scalars(select(SecondFactor)).one()
    row.secret = b"\x01" + bytes(40)
    session.flush()
    with pytest.raises(WrongCode):
        use(session, enrolled, time_code(clock.now()), keyring, clock.now())


def test_who_needs_none_turns_it_off_and_others_do_not(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    with pytest.raises(SecondFactorNeeded):
        second_factor.turn_off(session, Proof(enrolled.id, enrolled.password_hash), now=clock.now())
    desk = make_staff(session, enrolled.assignments[0].office, Role.DESK, now=clock.now())
    enrol(session, desk, keyring, now=clock.now(), optional=True)
    session.flush()
    second_factor.turn_off(session, Proof(desk.id, desk.password_hash), now=clock.now())
    assert [second_factor.is_on(session, one.id) for one in (enrolled, desk)] == [True, False]


def test_a_reset_puts_out_of_all_devices_and_leads_to_enrolling(
    session: Session, enrolled: Staff, keyring: FileKeyring, clock: FixedClock
) -> None:
    limits = {"now": clock.now(), "idle": timedelta(hours=1), "absolute": timedelta(hours=1)}
    old = staff.start_session(session, enrolled.id, now=clock.now())
    identity = staff.current(session, old, **limits)
    assert identity is not None
    assert not identity.must_enrol
    by = {"actor": TESTER, "now": clock.now()}
    with pytest.raises(ReasonRequired):
        second_factor.reset(session, enrolled.id, reason=" ", **by)
    with pytest.raises(NotFound):
        second_factor.reset(session, 4711, reason="HP hilang", **by)
    second_factor.reset(session, enrolled.id, reason="HP hilang", **by)
    assert staff.current(session, old, **limits) is None
    new = staff.current(session, staff.start_session(session, enrolled.id, now=clock.now()), **limits)
    assert new is not None
    assert new.must_enrol


def test_it_is_asked_of_a_role_held_anywhere(session: Session, clock: FixedClock, keyring: FileKeyring) -> None:
    here, there = make_office(session), make_office(session, "gemolong")
    who = {"name": "Ani", "password": "kata-sandi-uji-coba", "actor": TESTER, "now": clock.now()}
    held = [(here.id, Role.DESK), (there.id, Role.ADMINISTRATOR)]
    ani = staff.add_account(session, username="ani", held=held, **who)
    token = staff.start_session(session, ani.id, now=clock.now())
    limits = {"now": clock.now(), "idle": timedelta(hours=1), "absolute": timedelta(hours=1)}
    identity = staff.current(session, token, **limits)
    assert identity is not None
    assert (identity.office_id, identity.must_enrol) == (here.id, True)
    assert not any(identity.may(permission) for permission in ("own_session", "check_in"))


@pytest.mark.parametrize("issuer", ["Antrean: Sragen", "Dukcapil Kab. Sragen", "Kantor É & Co/2", "  ", ":"])
def test_what_an_authenticator_reads_names_account_and_issuer(issuer: str) -> None:
    read = pyotp.parse_uri(address_of(SECRET, username="siti.w", issuer=issuer))
    assert (read.secret, read.name) == (SECRET, "siti.w")
    assert read.issuer == (" ".join(issuer.replace(":", " ").split()) or None)
