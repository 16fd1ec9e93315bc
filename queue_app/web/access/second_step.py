"""The second step of a log-in: a password was right, and a code is asked for. Wrong ones are counted.

Between the two steps the page itself holds, sealed, whose password it was: nothing is logged in yet, and no cookie says
so.
"""

from __future__ import annotations

import base64
import json
import logging
from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.accounts import SECOND_STEP_LIFETIME
from queue_app.domain.attempts import SECOND_STEP
from queue_app.domain.clock import lies_within
from queue_app.domain.errors import DomainError
from queue_app.domain.roles import Actor
from queue_app.models import Staff
from queue_app.services.access import attempts, known_browsers, second_factor
from queue_app.services.access.attempts import Attempt
from queue_app.services.access.passwords import Proof, still_proven
from queue_app.services.access.second_factor import TypedCode
from queue_app.web.request import keyring, now

from .attempts import count
from .cookies import cookie
from .passwords import KNOWN_BROWSER_COOKIE

log = logging.getLogger(__name__)
_BOUND = "second-step"


def sealed_proof(proof: Proof) -> str:
    content = json.dumps([proof.staff_id, proof.password_hash, proof.by_provider, now().isoformat()])
    return base64.urlsafe_b64encode(keyring().seal(content, bound_to=_BOUND)).decode()


def opened_proof(sealed: str | None) -> Proof | None:
    """None where it was not sealed here, or too long ago."""
    try:
        content = keyring().open(base64.urlsafe_b64decode((sealed or "").encode()), bound_to=_BOUND)
    except ValueError:
        return None
    staff_id, password_hash, by_provider, made = json.loads(content)
    if not lies_within(datetime.fromisoformat(made), SECOND_STEP_LIFETIME, now()):
        return None
    return Proof(staff_id, password_hash, by_provider)


def read_counted(proof: Proof, typed: str) -> TypedCode:
    """What was typed, once the attempt is counted. Raises TooManyAttempts."""
    try:
        count([_attempt(proof)])
    except DomainError as refusal:
        _warn(proof, refusal)
        raise
    return second_factor.read_typed(db.session(), proof.staff_id, typed)


def use_code(session: Session, proof: Proof, typed: TypedCode) -> int | None:
    """In the transaction that begins the session. Raises WrongCode, and WrongCredentials as `still_proven`."""
    staff = still_proven(session, proof)
    try:
        return second_factor.use(session, staff, typed, keyring=keyring(), now=now())
    except DomainError as refusal:
        _warn(proof, refusal)
        raise


def forget_attempts(proof: Proof) -> None:
    """After a right code."""
    with unit_of_work() as session:
        attempts.forget(session, [_attempt(proof)])


def _attempt(proof: Proof) -> Attempt:
    """In a browser that has logged in to this account before, counted apart: whoever stole the password elsewhere makes
    its owner wait nowhere else."""
    username, keys = db.session().get_one(Staff, proof.staff_id).username, keyring()
    browser = known_browsers.knows(db.session(), cookie(KNOWN_BROWSER_COOKIE), username, keyring=keys)
    return attempts.attempt(SECOND_STEP, username, browser or "", keyring=keys, username=username)


def _warn(proof: Proof, refusal: DomainError) -> None:
    log.warning("code refused (%s) for %s", refusal.code, Actor.staff(proof.staff_id).label)
