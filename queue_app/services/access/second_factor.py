"""The second factor of an account: begun, on with its first right code, asked for at each log-in, and off again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from queue_app.domain.account_errors import SecondFactorNeeded, WrongCode
from queue_app.domain.accounts import (
    FARTHEST_STEP,
    PENDING_LIFETIME,
    needs_second_factor,
    read_recovery_code,
    read_time_code,
)
from queue_app.domain.clock import lies_within
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring, bound_to_account, plain
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import SecondFactor, Staff

from . import recovery_codes
from .own_account import end_sessions, record_own
from .passwords import Proof, derived, still_proven
from .recovery_codes import RecoveryCodes
from .time_codes import new_secret, present_step, step_of


@dataclass(frozen=True, repr=False)
class TypedCode:
    """What was typed: a code of the authenticator, or the hash of a recovery code, or neither."""

    digits: str | None
    recovery_hash: bytes | None


def factor_of(session: Session, staff_id: int) -> SecondFactor | None:
    found = select(SecondFactor).where(SecondFactor.staff_id == staff_id)
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def is_on(session: Session, staff_id: int) -> bool:
    factor = factor_of(session, staff_id)
    return factor is not None and factor.secret is not None


@dataclass(frozen=True)
class SecondFactorState:
    on_since: datetime
    codes_left: int


def state_of(session: Session, staff_id: int) -> SecondFactorState | None:
    """None while it is off."""
    factor = factor_of(session, staff_id)
    if factor is None or factor.on_since is None:
        return None
    return SecondFactorState(factor.on_since, recovery_codes.left(session, staff_id))


def begin(session: Session, staff_id: int, *, keyring: Keyring, now: datetime) -> None:
    """A new secret, to be shown. Nothing changes at the log-in before a right code of it."""
    session.get_one(Staff, staff_id, with_for_update={"key_share": True})  # somebody begins twice at once
    factor = factor_of(session, staff_id) or SecondFactor(staff_id=staff_id)
    factor.pending = keyring.seal(new_secret(), bound_to=bound_to_account(staff_id, "pending"))
    factor.pending_since = now
    session.add(factor)
    session.flush()


def pending_secret(session: Session, staff_id: int, *, keyring: Keyring, now: datetime) -> str | None:
    """The secret that was begun with; None where there is none, or it was begun too long ago."""
    factor = factor_of(session, staff_id)
    if factor is None or factor.pending_since is None or not lies_within(factor.pending_since, PENDING_LIFETIME, now):
        return None
    return plain(keyring, factor.pending, bound_to=bound_to_account(staff_id, "pending"))


def require_right(session: Session, staff_id: int, typed: str, *, keyring: Keyring, now: datetime) -> int:
    """The step of a right code of the pending secret; raises WrongCode for all others."""
    secret, digits = pending_secret(session, staff_id, keyring=keyring, now=now), read_time_code(typed)
    step = step_of(secret, digits, now) if secret and digits else None
    if step is None:
        raise WrongCode()
    return step


def confirm(
    session: Session, staff_id: int, typed: str, codes: RecoveryCodes, *, keyring: Keyring, now: datetime
) -> None:
    """From now on each log-in asks for a code of this secret. Raises WrongCode."""
    staff = session.get_one(Staff, staff_id, with_for_update={"key_share": True})
    step = require_right(session, staff_id, typed, keyring=keyring, now=now)
    secret, factor = pending_secret(session, staff_id, keyring=keyring, now=now), factor_of(session, staff_id)
    if secret is None or factor is None:
        raise WrongCode()
    factor.secret = keyring.seal(secret, bound_to=bound_to_account(staff_id, "secret"))
    factor.on_since, factor.last_step = now, step
    factor.pending = factor.pending_since = None
    recovery_codes.store(session, factor, codes)
    record_own(session, "staff.second_factor_on", staff, now=now)


def read_typed(session: Session, staff_id: int, typed: str) -> TypedCode:
    """Before any transaction that writes: the hash of a recovery code takes a while."""
    factor, recovery = factor_of(session, staff_id), read_recovery_code(typed)
    salt = factor.salt if factor else None
    return TypedCode(read_time_code(typed), derived(recovery, salt) if recovery and salt else None)


def use(session: Session, staff: Staff, typed: TypedCode, *, keyring: Keyring, now: datetime) -> int | None:
    """Let in by a code, which is good no second time; how many recovery codes are left, where it was one of them.

    Raises WrongCode. ``staff`` is locked already (`still_proven`).
    """
    factor = factor_of(session, staff.id)
    if factor is None or factor.secret is None:
        raise WrongCode()
    if typed.recovery_hash is not None:
        return recovery_codes.use(session, staff, typed.recovery_hash, now=now)
    secret = plain(keyring, factor.secret, bound_to=bound_to_account(staff.id, "secret"))
    step = step_of(secret, typed.digits, now) if secret and typed.digits else None
    if step is None:
        raise WrongCode()
    claim_step(session, factor, step, now=now)
    return None


def claim_step(session: Session, factor: SecondFactor, step: int, *, now: datetime) -> None:
    """Raise WrongCode where this step, or a later one, was used before.

    One that lies too far ahead was used while the clock was ahead: it would keep its owner out until it is there again.
    """
    last, farthest = SecondFactor.last_step, present_step(now) + FARTHEST_STEP
    unused = or_(last.is_(None), last < step, last > farthest)
    same = (SecondFactor.id == factor.id, SecondFactor.on_since == factor.on_since)
    claim = update(SecondFactor).where(*same, unused).values(last_step=step).returning(SecondFactor.id)
    if session.execute(claim.execution_options(synchronize_session=False)).one_or_none() is None:
        raise WrongCode()


def turn_off(session: Session, proof: Proof, *, now: datetime) -> None:
    """By its owner. Raises SecondFactorNeeded for those who may not do without, WrongCredentials as `still_proven`."""
    staff = still_proven(session, proof)
    if needs_second_factor(one.role for one in staff.assignments):
        raise SecondFactorNeeded()
    _forget(session, staff.id)
    record_own(session, "staff.second_factor_off", staff, now=now)


def reset(session: Session, staff_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """For somebody whose telephone is lost: off, and out of all devices. Raises ReasonRequired, NotFound."""
    reason = read_reason(reason)
    staff = session.get(Staff, staff_id, with_for_update={"key_share": True})
    if staff is None:
        raise NotFound()
    _forget(session, staff_id)
    end_sessions(session, staff_id, actor=actor, now=now, action="staff.second_factor_reset", reason=reason)


def _forget(session: Session, staff_id: int) -> None:
    recovery_codes.forget(session, staff_id)
    if factor := factor_of(session, staff_id):
        session.delete(factor)
        session.flush()
