"""Whose password this is: at the log-in, and where a second member of staff agrees. Wrong ones are counted.

Counted by network, by the account at that network, and by the account wherever the attempts come from; but in a browser
that has logged in to this account before, by that browser alone, so that no guessing elsewhere keeps its owner out.
"""

from __future__ import annotations

import logging

from flask import request
from werkzeug.wrappers import Response

from queue_app.db import db, unit_of_work
from queue_app.domain.attempts import LOG_IN_EVERYWHERE, LOG_IN_KNOWN_BROWSER, LOG_IN_NAME, LOG_IN_NETWORK
from queue_app.domain.errors import DomainError
from queue_app.services.access import attempts, known_browsers
from queue_app.services.access.attempts import Attempt
from queue_app.services.access.passwords import Proof, verify_password
from queue_app.services.access.staff import label_of
from queue_app.web.request import keyring

from .attempts import count, from_network, network_of
from .cookies import cookie, give_cookie, take_cookie

log = logging.getLogger(__name__)
KNOWN_BROWSER_COOKIE = "known_browser"
COOKIE_AGE = 400 * 24 * 3600  # seconds: as long as browsers keep any; given anew at each log-in


def verified(username: str, password: str) -> Proof:
    """Raises WrongCredentials, TooManyAttempts; both sound the same for names without account.

    Before any transaction that writes: the hash takes a while, and nobody should wait behind it.
    """
    counted, own = _counted(username)
    try:
        count(counted)
        proof = verify_password(db.session(), username=username, password=password)
    except DomainError as refusal:
        log.warning("password refused (%s) for %s", refusal.code, label_of(db.session(), username))
        raise
    with unit_of_work() as session:
        attempts.give_back(session, [one for one in counted if one not in own])
        attempts.forget(session, own)
    return proof


def remember_browser(response: Response, staff_id: int) -> None:
    """From now on this browser is one that the account has logged in with."""
    before = cookie(KNOWN_BROWSER_COOKIE)
    value = known_browsers.remember(db.session(), before, staff_id, keyring=keyring())
    give_cookie(response, KNOWN_BROWSER_COOKIE, value, max_age=COOKIE_AGE)


def forget_browser(response: Response) -> None:
    """On a device that becomes everybody's."""
    take_cookie(response, KNOWN_BROWSER_COOKIE)


def _counted(username: str) -> tuple[list[Attempt], list[Attempt]]:
    """Under which rules an attempt counts, and those of them that a success begins afresh."""
    name, keys = username.strip().lower(), keyring()
    if browser := known_browsers.knows(db.session(), cookie(KNOWN_BROWSER_COOKIE), name, keyring=keys):
        own = attempts.attempt(LOG_IN_KNOWN_BROWSER, browser, name, keyring=keys, username=name)
        return [own], [own]
    network = network_of(request.remote_addr)
    own = attempts.attempt(LOG_IN_NAME, network, name, keyring=keys, username=name)
    everywhere = attempts.attempt(LOG_IN_EVERYWHERE, name, keyring=keys, username=name)
    return [from_network(LOG_IN_NETWORK), own, everywhere], [own]
