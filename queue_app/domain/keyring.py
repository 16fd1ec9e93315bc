"""The keys as the rest of the house needs them; the keys themselves live in `adapters/keyring.py`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from .errors import DomainError
from .identity import Nik, initials


class Unreadable(str):
    """Stands in place of a stored value that the keys do not open: it is shown, and never stored or written to."""


UNREADABLE = Unreadable("tidak terbaca")  # the web layer says it in the reader's language


class PersonalDataUnreadable(DomainError):
    """What an act needs to know of somebody is stored, but the keys do not open it."""

    code = "personal_data_unreadable"


class KeysDoNotFit(Exception):
    """The text says which keys of which file are not the database's, and what to do."""


class KeysChanged(Exception):
    """The keys were changed while this was being done under the former ones: nothing was stored, just ask again."""


_DATA = "data "
EPOCH = "all"  # the check value of everything in force: it changes with whatever changes


@dataclass(frozen=True)
class KeysInForce:
    """What the database knows of its keys: their check values by name, that of `EPOCH` among them.

    ``former_tickets``: former ticket keys by their check values, and the last ticket that each was given for.
    """

    values: Mapping[str, bytes] = field(default_factory=dict)
    former_tickets: Mapping[bytes, int] = field(default_factory=dict)

    @property
    def epoch(self) -> bytes:
        """As it has to be, by the other values."""
        digest = hashlib.sha256()
        for name in sorted(self.values.keys() - {EPOCH}):
            digest.update(name.encode() + b"\0" + self.values[name])
        for value, last_id in sorted(self.former_tickets.items()):
            digest.update(b"former ticket\0" + value + last_id.to_bytes(8))
        return digest.digest()

    def complete(self) -> KeysInForce:
        return KeysInForce(dict(self.values) | {EPOCH: self.epoch}, self.former_tickets)


def differing(own: Mapping[str, bytes], known: Mapping[str, bytes]) -> tuple[str, ...]:
    """The names of keys that a file and a database do not have in common. That all of them together differ says nothing
    more where some are named."""
    needed = {name for name in own if not is_data_key(name)} | set(known)
    names = {name for name in needed if known.get(name) != own.get(name)}
    return tuple(sorted(names - {EPOCH} or names))


class Keyring(Protocol):
    @property
    def check_values(self) -> Mapping[str, bytes]:
        """For each key by its name (`data_key_name`, or its purpose): 32 bytes that only this key gives, and that
        tell nothing of it. And `EPOCH`, for all of them."""

    @property
    def epoch(self) -> bytes:
        """That of `EPOCH`: who stores anything under these keys shows it (`services/booking/claim.py`)."""

    @property
    def current_name(self) -> str:
        """Of the data key that seals."""

    def is_under(self, sealed: bytes, name: str) -> bool:
        """Whether it was sealed under the data key of this name."""

    def seal(self, plain: str, *, bound_to: str) -> bytes:
        """Encrypt; ``bound_to`` names row and column, and the result opens nowhere else."""

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        """Decrypt what `seal` made for the same row and column; raise ValueError for anything else."""

    def person_index(self, nik: str) -> bytes:
        """A keyed hash of a NIK, for equality search only."""

    def request_digest(self, content: str) -> bytes:
        """A keyed hash of what a request asks for, to tell a repeated one from a changed one."""

    def attempt_digest(self, counted: str) -> bytes:
        """A keyed hash of whose attempts are counted: addresses, names, and what people type into the wrong field."""

    def browser_proof(self, browser: str, staff_id: int, password_hash: str) -> str:
        """Signs that somebody has logged in to this account, with this password, in that browser."""

    def one_time_code(self, nonce: bytes, *, bound_to: str) -> str:
        """Eight digits, the same for the same nonce and booking, that nobody without the key can work out."""

    def ticket_token(self, ticket_id: int) -> str: ...

    def read_ticket_token(self, typed: str) -> int | None: ...

    def seal_audit(self, previous: bytes, entry: bytes) -> bytes:
        """The next link of the audit chain."""

    def sign_anchor(self, text: bytes) -> bytes:
        """The signature of an anchor of the audit chain."""

    def first_administrator_token(self) -> str:
        """The secret of the link that makes the first administrator."""


def data_key_name(number: int) -> str:
    """``data 1``: as key check values and sentences name it."""
    return f"{_DATA}{number}"


def is_data_key(name: str) -> bool:
    return name.startswith(_DATA)


def data_key_number(name: str) -> int:
    return int(name.removeprefix(_DATA))


def opened(keyring: Keyring, sealed: bytes | None, *, bound_to: str) -> str | None:
    """For showing: None where nothing is stored, `UNREADABLE` where the keys do not open it. No list and no page fails
    for one row."""
    if sealed is None:
        return None
    value = plain(keyring, sealed, bound_to=bound_to)
    return UNREADABLE if value is None else value


def plain(keyring: Keyring, sealed: bytes | None, *, bound_to: str) -> str | None:
    """For comparing and sealing anew: None where nothing is stored, or the keys do not open it."""
    try:
        return keyring.open(sealed, bound_to=bound_to) if sealed else None
    except ValueError:
        return None


def readable(value: str | None) -> str | None:
    """For acting upon: the value that `opened` gave. Raises PersonalDataUnreadable."""
    if isinstance(value, Unreadable):
        raise PersonalDataUnreadable()
    return value


def bound_to(code: str, column: str, position: int | None = None) -> str:
    """The row and column that a sealed value of a booking belongs to; ``position``: of the person, for a ticket's.

    All tickets of a person share it, so that moving copies what is sealed.
    """
    return f"booking/{code}/{column}" if position is None else f"ticket/{code}/{position}/{column}"


def bound_to_account(staff_id: int, column: str) -> str:
    """The same for a sealed value of a member of staff."""
    return f"staff/{staff_id}/{column}"


def bound_to_webhook(webhook_id: int, column: str) -> str:
    """The same for a secret that is shared with a partner."""
    return f"webhook/{webhook_id}/{column}"


@dataclass(frozen=True, repr=False)
class Person:
    """Whoever a ticket is for. What is sealed is opened when it is asked for; nothing is left after the purge."""

    ticket: Any  # a row with position, name and nik
    code: str
    keyring: Keyring

    @cached_property
    def name(self) -> str | None:
        """None also for somebody whom a kiosk did not ask; `UNREADABLE` where the keys do not open it."""
        return self._opened("name", self.ticket.name)

    @cached_property
    def nik(self) -> Nik | None:
        """Raises PersonalDataUnreadable where the keys do not open it."""
        digits = readable(self._opened("nik", self.ticket.nik))
        return Nik(digits) if digits else None

    @property
    def masked_nik(self) -> str | None:
        """To be compared with a document, beside the name: without one there is nothing to compare."""
        try:
            nik = self.nik if self.ticket.name else None
        except PersonalDataUnreadable:
            return UNREADABLE
        return nik.masked if nik else None

    @property
    def initials(self) -> str:
        """``S. W.``, "" without a name."""
        name = self.name
        return name if isinstance(name, Unreadable) else initials(name) if name else ""

    def _opened(self, column: str, sealed: bytes | None) -> str | None:
        return opened(self.keyring, sealed, bound_to=bound_to(self.code, column, self.ticket.position))


def person_of(ticket: Any, code: str, keyring: Keyring) -> Person:
    """The one way to whoever holds a ticket (its row, or one with its columns); ``code`` is the booking's."""
    return Person(ticket, code, keyring)
