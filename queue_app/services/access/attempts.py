"""Attempts, counted for all processes together: no restart forgets them, no number of workers multiplies them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, text, tuple_, update
from sqlalchemy.orm import Session

from queue_app.domain.attempts import RULES, AttemptRule
from queue_app.domain.errors import NotFound, TooManyAttempts
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import Actor
from queue_app.models import AttemptCount, Staff
from queue_app.services.records import audit

MOST_ROWS = 100_000  # of the table; checking that many passwords in an hour is beyond the server
FARTHEST = max(rule.allowance.farthest for rule in RULES)

# `Allowance.taken` in one statement, which counts and refuses: however many ask at once, in however many processes, no
# more come through than there are attempts.
TAKE = text(
    """
    INSERT INTO attempt_count (rule, counted, account, full_at) VALUES (:rule, :counted, :account, :now + :step)
    ON CONFLICT (rule, counted) DO UPDATE SET
        full_at = CASE WHEN attempt_count.full_at <= :now THEN :now + :step
                       WHEN attempt_count.full_at > :now + :farthest THEN :now + :whole
                       ELSE attempt_count.full_at + :step END
    WHERE attempt_count.full_at + :step <= :now + :whole OR attempt_count.full_at > :now + :farthest
    RETURNING full_at
    """
)


@dataclass(frozen=True)
class Attempt:
    """One attempt under one rule: whose, and the hashed name that was tried where the rule counts that."""

    rule: AttemptRule
    counted: bytes
    account: bytes | None = None

    @property
    def key(self) -> tuple[str, bytes]:
        return self.rule.name, self.counted


def attempt(rule: AttemptRule, *counted: str, keyring: Keyring, username: str | None = None) -> Attempt:
    """``username``: as typed; it need not exist."""
    account = account_of(username, keyring) if username is not None else None
    return Attempt(rule, keyring.attempt_digest("\n".join((rule.name, *counted))), account)


def account_of(username: str, keyring: Keyring) -> bytes:
    return keyring.attempt_digest(f"account\n{username.strip().lower()}")


def ask(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> None:
    """Raise TooManyAttempts when one of them has to wait. Only reads, so that whoever goes on asking writes nothing."""
    instant = _milliseconds(now)
    keys = [one.key for one in attempts]
    columns = (AttemptCount.rule, AttemptCount.counted)
    found = session.execute(select(*columns, AttemptCount.full_at).where(tuple_(*columns).in_(keys)))
    full_at = {(row.rule, bytes(row.counted)): row.full_at for row in found}
    waits = max(one.rule.allowance.wait(full_at.get(one.key), instant) for one in attempts)
    if waits:
        raise TooManyAttempts(retry_after=-(-waits // 1000))


def take(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> None:
    """Count one attempt under each rule; raise TooManyAttempts, and then the caller rolls back: none is counted.

    The caller commits before it looks at what was typed: an attempt that is cut off in the middle was one. Always in
    the order of the rules, so that no two wait for each other's rows.
    """
    instant = _milliseconds(now)
    for one in attempts:
        allowance = one.rule.allowance
        values = {"rule": one.rule.name, "counted": one.counted, "account": one.account, "now": instant}
        values |= {"step": allowance.step, "whole": allowance.whole, "farthest": allowance.farthest}
        if session.execute(TAKE, values).one_or_none() is None:
            ask(session, [one], now=now)
            raise TooManyAttempts(retry_after=-(-allowance.step // 1000))


def give_back(session: Session, attempts: Iterable[Attempt]) -> None:
    """After success: it was no guess."""
    for one in attempts:
        session.execute(
            update(AttemptCount)
            .where(AttemptCount.rule == one.rule.name, AttemptCount.counted == one.counted)
            .values(full_at=AttemptCount.full_at - one.rule.allowance.step)
            .execution_options(synchronize_session=False)
        )


def forget(session: Session, attempts: Iterable[Attempt]) -> None:
    """After success, what was counted of this person in this place."""
    for one in attempts:
        session.execute(
            delete(AttemptCount)
            .where(AttemptCount.rule == one.rule.name, AttemptCount.counted == one.counted)
            .execution_options(synchronize_session=False)
        )


def allow_again(session: Session, staff_id: int, *, keyring: Keyring, actor: Actor, now: datetime) -> None:
    """Forget all attempts at an account, wherever they came from; raise NotFound."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound()
    forget_all(session, staff.username, keyring=keyring)
    office_id = staff.assignments[0].office_id if staff.assignments else None
    audit.record(session, "staff.attempts_allowed", "staff", staff_id, actor=actor, now=now, office_id=office_id)


def forget_all(session: Session, username: str, *, keyring: Keyring) -> None:
    session.execute(
        delete(AttemptCount)
        .where(AttemptCount.account == account_of(username, keyring))
        .execution_options(synchronize_session=False)
    )


def slowed(session: Session, staff: Iterable[Staff], *, keyring: Keyring, now: datetime) -> set[int]:
    """The ids of those at whose accounts half of the attempts of a rule, or more, have been used up."""
    instant = _milliseconds(now)
    ids = {account_of(one.username, keyring): one.id for one in staff}
    by_name = {rule.name: rule.allowance for rule in RULES}
    rows = session.execute(
        select(AttemptCount.account, AttemptCount.rule, AttemptCount.full_at).where(AttemptCount.account.in_(ids))
    )
    return {ids[bytes(row.account)] for row in rows if by_name[row.rule].half_used(row.full_at, instant)}


def purge(session: Session, *, now: datetime) -> int:
    """Delete what has no effect any more, or was written by a clock since set back; return how many rows.

    Beyond `MOST_ROWS` the nearest to their end go as well, so that no storm of names fills the disk.
    """
    instant = _milliseconds(now)
    last_kept = select(AttemptCount.full_at).order_by(AttemptCount.full_at.desc()).offset(MOST_ROWS).limit(1)
    too_many = AttemptCount.full_at <= func.coalesce(last_kept.scalar_subquery(), instant)
    over = or_(AttemptCount.full_at <= instant, AttemptCount.full_at > instant + FARTHEST, too_many)
    gone = session.execute(
        delete(AttemptCount).where(over).returning(AttemptCount.rule).execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
