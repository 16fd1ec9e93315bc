"""Keys of partners' programs: make, withdraw and recognise them, and count the use of those with a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from queue_app.domain.api_keys import SHOWN, Scope, hash_key, looks_like_key, new_key, read_key_name, read_scopes
from queue_app.domain.errors import KeyNameTaken, NotFound, TooManyRequests
from queue_app.domain.roles import Actor
from queue_app.models import ApiKey
from queue_app.services.records import audit

# One statement counts and refuses, so that any number of processes together never let more through than the limit.
# A process whose clock is still in the minute before counts against the newer one; a clock that was far ahead is
# forgotten.
COUNT_USE = text(
    """
    INSERT INTO api_key_use (api_key_id, minute, used) VALUES (:key_id, :minute, 1)
    ON CONFLICT (api_key_id) DO UPDATE SET
        used = CASE WHEN excluded.minute IN (api_key_use.minute, api_key_use.minute - 1)
                    THEN api_key_use.used + 1 ELSE 1 END,
        minute = CASE WHEN excluded.minute = api_key_use.minute - 1
                      THEN api_key_use.minute ELSE excluded.minute END
    WHERE api_key_use.used < :allowed OR excluded.minute NOT IN (api_key_use.minute, api_key_use.minute - 1)
    RETURNING used
    """
)


@dataclass(frozen=True)
class Partner:
    """Whose program shows a key, and what it may do. ``limit_per_minute``: None for a partner without a limit."""

    key_id: int
    name: str
    scopes: frozenset[Scope]
    limit_per_minute: int | None

    @property
    def actor(self) -> Actor:
        return Actor.api_key(self.key_id)


def create(
    session: Session, *, name: str, scopes: Iterable[str], limit_per_minute: int | None, actor: Actor, now: datetime
) -> str:
    """Make a key and return it: the only time that it can be seen.

    Raises InvalidKeyName, UnknownScope, KeyNameTaken. ``limit_per_minute`` is at least 1.
    """
    name, wanted = read_key_name(name), read_scopes(scopes)
    key = new_key()
    row = ApiKey(
        name=name,
        shown=key[:SHOWN],
        key_hash=hash_key(key),
        scopes=",".join(sorted(wanted)),
        limit_per_minute=limit_per_minute,
        created_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as problem:
        if "name" in str(problem.orig):
            raise KeyNameTaken() from None
        raise
    facts = {"name": name, "scopes": row.scopes, "limit_per_minute": limit_per_minute}
    audit.record(session, "api_key.created", "api_key", row.id, actor=actor, now=now, after=facts)
    return key


def revoke(session: Session, name: str, *, actor: Actor, now: datetime) -> None:
    """Withdraw the key of this name; raise NotFound when none is in force."""
    revoked = session.execute(
        update(ApiKey)
        .where(ApiKey.name == " ".join(name.split()), ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(ApiKey.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if revoked is None:
        raise NotFound()
    audit.record(session, "api_key.revoked", "api_key", revoked, actor=actor, now=now)


def recognise(session: Session, key: str) -> Partner | None:
    """Whose key this is; None when it is none, or was withdrawn."""
    if not looks_like_key(key):
        return None
    row = session.execute(
        select(ApiKey.id, ApiKey.name, ApiKey.scopes, ApiKey.limit_per_minute).where(
            ApiKey.key_hash == hash_key(key), ApiKey.revoked_at.is_(None)
        )
    ).one_or_none()
    return Partner(row.id, row.name, read_scopes(row.scopes.split(",")), row.limit_per_minute) if row else None


def count_use(session: Session, partner: Partner, *, now: datetime) -> None:
    """Count one request of a partner with a limit, exactly, over all processes; raise TooManyRequests.

    The caller commits before the request does its work: one that is refused later was a request all the same.
    """
    if partner.limit_per_minute is None:
        return
    minute, second = divmod(int(now.timestamp()), 60)
    values = {"key_id": partner.key_id, "minute": minute, "allowed": partner.limit_per_minute}
    if session.execute(COUNT_USE, values).one_or_none() is None:
        raise TooManyRequests(retry_after=60 - second)


def all_keys(session: Session) -> list[ApiKey]:
    """Oldest first, the withdrawn ones too."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))
