"""Slow down whoever guesses: passwords at the log-in, codes of tickets and kiosks.

What is guessed at rarely, or costs somebody a message, is counted in the database, for all processes together. Looking
up a ticket is not: it only reads, in the rush too, and who guesses there needs a code of 40 bits and the telephone
number that goes with it, so a few processes that each allow as many change nothing.
"""

from __future__ import annotations

import hashlib
import ipaddress
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock

from flask import request

from queue_app.db import db, unit_of_work
from queue_app.domain.attempts import LOOK_UP_CODE, LOOK_UP_NETWORK, AttemptRule
from queue_app.domain.errors import TooManyAttempts
from queue_app.services.access import attempts
from queue_app.services.access.attempts import Attempt
from queue_app.web.request import keyring, now

LOOK_UPS = "look_up_attempts"  # in `app.extensions`: `ProcessAttempts`
MOST_COUNTED = 10_000  # addresses and codes that a process remembers


def count(counted: Iterable[Attempt]) -> None:
    """Count an attempt under each rule, in a transaction of its own. Raises TooManyAttempts, and then counts none.

    Looked at before anything is written: who goes on asking must not take turns at writing from others.
    """
    wanted = list(counted)
    attempts.ask(db.session(), wanted, now=now())
    with unit_of_work() as session:
        attempts.take(session, wanted, now=now())


def from_network(rule: AttemptRule) -> Attempt:
    """An attempt of the network that asks."""
    return attempts.attempt(rule, network_of(request.remote_addr), keyring=keyring())


def count_look_up(attempts_here: ProcessAttempts, address: str | None, code: str) -> None:
    """Raises TooManyAttempts."""
    attempts_here.take((LOOK_UP_NETWORK, network_of(address)), (LOOK_UP_CODE, code))


class ProcessAttempts:
    """Counts in the memory of the process and by its steady clock, which nobody sets.

    Holds a bounded number: beyond it those go whose attempts are nearest to being all there again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._full_at: dict[tuple[str, bytes], int] = {}

    def take(self, *counted: tuple[AttemptRule, str]) -> None:
        """Count one attempt under each rule; raise TooManyAttempts, and count none, when one of them has to wait."""
        instant = int(self._clock() * 1000)
        keyed = [(rule.allowance, (rule.name, _hashed(what))) for rule, what in counted if what]
        with self._lock:
            waits = [allowance.wait(self._full_at.get(key), instant) for allowance, key in keyed]
            if any(waits):
                raise TooManyAttempts(retry_after=-(-max(waits) // 1000))
            for allowance, key in keyed:
                self._full_at[key] = allowance.taken(self._full_at.get(key), instant) or instant
            if len(self._full_at) > MOST_COUNTED:
                last = sorted(self._full_at.items(), key=lambda item: item[1])[-MOST_COUNTED // 2 :]
                self._full_at = dict(last)


@lru_cache(maxsize=4096)
def network_of(address: str | None) -> str:
    """An IPv6 household has billions of addresses: its /64 counts as one. IPv4 written as IPv6 is itself."""
    try:
        read = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is None:
            return str(ipaddress.ip_network((read.packed, 64), strict=False))
        read = read.ipv4_mapped
    return str(read)


def _hashed(what: str) -> bytes:
    # Hashed, because people type other secrets into a field for codes.
    return hashlib.sha256(what.strip().lower().encode()).digest()
