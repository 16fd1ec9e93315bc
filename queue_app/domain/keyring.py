"""What the rest of the house needs of the keys; the keys themselves live in `adapters/keyring.py`."""

from __future__ import annotations

from typing import Protocol


class Keyring(Protocol):
    def seal(self, plain: str, *, bound_to: str) -> bytes:
        """Encrypt; ``bound_to`` names row and column, and the result opens nowhere else."""

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        """Decrypt what `seal` made for the same row and column; raise ValueError for anything else."""

    def person_index(self, nik: str) -> bytes:
        """A keyed hash of a NIK, for equality search only."""

    def request_digest(self, content: str) -> bytes:
        """A keyed hash of what a request asks for, to tell a repeated one from a changed one."""

    def ticket_token(self, ticket_id: int) -> str: ...

    def read_ticket_token(self, typed: str) -> int | None: ...

    def seal_audit(self, previous: bytes, entry: bytes) -> bytes:
        """The next link of the audit chain."""

    def first_administrator_token(self) -> str:
        """The secret of the link that makes the first administrator."""
