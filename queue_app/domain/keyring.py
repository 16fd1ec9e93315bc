"""The keys as the rest of the house needs them; the keys themselves live in `adapters/keyring.py`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from .identity import Nik, initials


class Keyring(Protocol):
    def seal(self, plain: str, *, bound_to: str) -> bytes:
        """Encrypt; ``bound_to`` names row and column, and the result opens nowhere else."""

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        """Decrypt what `seal` made for the same row and column; raise ValueError for anything else."""

    def person_index(self, nik: str) -> bytes:
        """A keyed hash of a NIK, for equality search only."""

    def request_digest(self, content: str) -> bytes:
        """A keyed hash of what a request asks for, to tell a repeated one from a changed one."""

    def one_time_code(self, nonce: bytes, *, bound_to: str) -> str:
        """Eight digits, the same for the same nonce and booking, that nobody without the key can work out."""

    def ticket_token(self, ticket_id: int) -> str: ...

    def read_ticket_token(self, typed: str) -> int | None: ...

    def seal_audit(self, previous: bytes, entry: bytes) -> bytes:
        """The next link of the audit chain."""

    def first_administrator_token(self) -> str:
        """The secret of the link that makes the first administrator."""


def bound_to(code: str, column: str, position: int | None = None) -> str:
    """The row and column that a sealed value of a booking belongs to; ``position``: of the person, for a ticket's.

    All tickets of a person share it, so that moving copies what is sealed.
    """
    return f"booking/{code}/{column}" if position is None else f"ticket/{code}/{position}/{column}"


@dataclass(frozen=True, repr=False)
class Person:
    """Whoever a ticket is for. What is sealed is opened when it is asked for; nothing is left after the purge."""

    ticket: Any  # a row with position, name and nik
    code: str
    keyring: Keyring

    @cached_property
    def name(self) -> str | None:
        """None also for somebody whom a kiosk did not ask."""
        return self._opened("name", self.ticket.name)

    @cached_property
    def nik(self) -> Nik | None:
        digits = self._opened("nik", self.ticket.nik)
        return Nik(digits) if digits else None

    @property
    def masked_nik(self) -> str | None:
        """To be compared with a document, beside the name: without one there is nothing to compare."""
        nik = self.nik if self.ticket.name else None
        return nik.masked if nik else None

    @property
    def initials(self) -> str:
        """``S. W.``, "" without a name."""
        return initials(name) if (name := self.name) else ""

    def _opened(self, column: str, sealed: bytes | None) -> str | None:
        return self.keyring.open(sealed, bound_to=bound_to(self.code, column, self.ticket.position)) if sealed else None


def person_of(ticket: Any, code: str, keyring: Keyring) -> Person:
    """The one way to whoever holds a ticket (its row, or one with its columns); ``code`` is the booking's.

    Opening raises ValueError where the keys are not those that sealed.
    """
    return Person(ticket, code, keyring)
