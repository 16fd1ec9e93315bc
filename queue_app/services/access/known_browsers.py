"""Browsers in which somebody has logged in before: guessing elsewhere must not lock their owners out of these.

The cookie's value is a random name of the browser and a proof for each account, separated by dots. A proof is signed
with the account's id and its password hash: it ends with the password, names nobody, and opens nothing. All it does is
to have attempts counted apart (OWASP, "Slow down online guessing attacks with device cookies").
"""

from __future__ import annotations

import hmac
import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import Staff

MOST_ACCOUNTS = 12  # that share a computer; the one used longest ago goes first
_SHAPE = re.compile(rf"[A-Za-z0-9_-]{{22}}(\.[A-Za-z0-9_-]{{24}}){{1,{MOST_ACCOUNTS}}}")


def knows(session: Session, cookie: str | None, username: str, *, keyring: Keyring) -> str | None:
    """The browser's name when this account has logged in there; None otherwise, and for a name that does not exist."""
    browser, proofs = _read(cookie)
    if not proofs:
        return None
    row = session.execute(
        select(Staff.id, Staff.password_hash).where(Staff.username == username.strip().lower())
    ).one_or_none()
    if row is None:
        return None
    proof = keyring.browser_proof(browser, row.id, row.password_hash)
    return browser if any(hmac.compare_digest(proof, one) for one in proofs) else None


def remember(session: Session, cookie: str | None, staff_id: int, *, keyring: Keyring) -> str:
    """The cookie's new value, after this account has logged in."""
    browser, proofs = _read(cookie)
    browser = browser or secrets.token_urlsafe(16)
    proof = keyring.browser_proof(browser, staff_id, session.get_one(Staff, staff_id).password_hash)
    others = [one for one in proofs if one != proof]
    return ".".join([browser, proof, *others[: MOST_ACCOUNTS - 1]])


def _read(cookie: str | None) -> tuple[str, list[str]]:
    if not cookie or not _SHAPE.fullmatch(cookie):
        return "", []
    browser, *proofs = cookie.split(".")
    return browser, proofs
