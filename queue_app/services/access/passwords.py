"""Passwords are kept as hashes, and known by them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import WrongCredentials
from queue_app.models import Staff

_hasher = PasswordHasher()  # argon2id, RFC 9106 low-memory profile
# An unknown user name costs the same time. Made at the first need: it takes 64 MB for a moment.
_decoy_hash = cache(lambda: _hasher.hash(secrets.token_hex(16)))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def derived(secret: str, salt: bytes) -> bytes:
    """The same for the same secret and salt, at the cost of a password: for codes that are looked for among several."""
    cost = {"time_cost": _hasher.time_cost, "memory_cost": _hasher.memory_cost, "parallelism": _hasher.parallelism}
    return hash_secret_raw(secret.encode(), salt, **cost, hash_len=32, type=Type.ID)


@dataclass(frozen=True, repr=False)
class Proof:
    """That somebody knows the password of an account, the one that this hash is of; or, ``by_provider``, is it to the
    provider that it is linked with: a password that is changed meanwhile ends that as well.
    """

    staff_id: int
    password_hash: str
    by_provider: bool = False


def verify_password(session: Session, *, username: str, password: str) -> Proof:
    """Raises WrongCredentials, after the same time whether the account exists or not."""
    staff = session.scalars(select(Staff).where(Staff.username == username.strip().lower())).one_or_none()
    try:
        _hasher.verify(staff.password_hash if staff else _decoy_hash(), password)
    except (VerificationError, InvalidHashError):
        raise WrongCredentials() from None
    if staff is None or not staff.active:
        raise WrongCredentials()
    return Proof(staff.id, staff.password_hash)


def still_proven(session: Session, proof: Proof) -> Staff:
    """The account, locked until the transaction ends. Raises WrongCredentials when its password was changed after it
    was verified: hashing takes a while, and is done before any lock."""
    staff = session.get_one(Staff, proof.staff_id, populate_existing=True, with_for_update={"key_share": True})
    if staff.password_hash != proof.password_hash:
        raise WrongCredentials()
    return staff
