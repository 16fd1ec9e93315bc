"""Recovery codes: ten for each account with a second factor, each good once, for when the telephone is lost."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from queue_app.domain.account_errors import WrongCode
from queue_app.domain.accounts import new_recovery_codes
from queue_app.models import RecoveryCode, SecondFactor, Staff

from .own_account import record_own
from .passwords import Proof, derived, still_proven


@dataclass(frozen=True, repr=False)
class RecoveryCodes:
    """As they are ``shown``, once, and as they are stored."""

    shown: tuple[str, ...]
    salt: bytes
    hashes: tuple[bytes, ...]


def new_codes() -> RecoveryCodes:
    """Before any transaction that writes: it takes as long as ten passwords."""
    codes, salt = new_recovery_codes(), secrets.token_bytes(16)
    return RecoveryCodes(tuple(codes), salt, tuple(derived(code, salt) for code in codes))


def store(session: Session, factor: SecondFactor, codes: RecoveryCodes) -> None:
    """In the place of those that there were."""
    forget(session, factor.staff_id)
    factor.salt = codes.salt
    session.add_all(RecoveryCode(staff_id=factor.staff_id, code_hash=one) for one in codes.hashes)


def forget(session: Session, staff_id: int) -> None:
    gone = delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id)
    session.execute(gone.execution_options(synchronize_session=False))


def renew(session: Session, proof: Proof, codes: RecoveryCodes, *, now: datetime) -> None:
    """Raises WrongCredentials as `still_proven`, WrongCode where there is no second factor."""
    staff = still_proven(session, proof)
    factor = session.scalars(select(SecondFactor).where(SecondFactor.staff_id == staff.id)).one_or_none()
    if factor is None or factor.secret is None:
        raise WrongCode()
    store(session, factor, codes)
    record_own(session, "staff.recovery_codes_renewed", staff, now=now)


def use(session: Session, staff: Staff, code_hash: bytes, *, now: datetime) -> int:
    """Use one up; return how many are left. Raises WrongCode for one that is none, or was used."""
    ours = (RecoveryCode.staff_id == staff.id, RecoveryCode.used_at.is_(None))
    claim = update(RecoveryCode).where(*ours, RecoveryCode.code_hash == code_hash).values(used_at=now)
    claim = claim.returning(RecoveryCode.staff_id).execution_options(synchronize_session=False)
    if session.execute(claim).one_or_none() is None:
        raise WrongCode()
    still = left(session, staff.id)
    record_own(session, "staff.recovery_code_used", staff, now=now, after={"left": still})
    return still


def left(session: Session, staff_id: int) -> int:
    unused = (RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0
