"""The keys: a file outside the database, one key for each purpose.

AES-256-GCM seals personal data, bound to its row and column. Older data keys stay in the file for reading; the one
named by `current` seals. Losing this file loses the personal data: it belongs into the backup, apart from the database.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from queue_app.domain.tickets import read_token, ticket_token

NONCE_BYTES = 12
CODE_DIGITS = 8
PURPOSES = ("person_index", "ticket", "audit", "cookie")


class KeyringMissing(Exception):
    """The key file is not there, or not readable as one."""


@dataclass(frozen=True, repr=False)
class FileKeyring:
    """Implements `queue_app.domain.keyring.Keyring`."""

    current: int
    data: dict[int, bytes]
    person_index_key: bytes
    ticket_key: bytes
    audit_key: bytes
    cookie_key: bytes

    @cached_property
    def _ciphers(self) -> dict[int, AESGCM]:
        return {number: AESGCM(key) for number, key in self.data.items()}

    def seal(self, plain: str, *, bound_to: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, plain.encode(), bound_to.encode())
        return bytes([self.current]) + nonce + sealed

    def open(self, sealed: bytes, *, bound_to: str) -> str:
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise ValueError("sealed under an unknown key")
        try:
            plain = cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound_to.encode())
        except InvalidTag:
            raise ValueError("not sealed for this row and column, or altered") from None
        return plain.decode()

    def person_index(self, nik: str) -> bytes:
        return hmac.digest(self.person_index_key, nik.encode(), "sha256")

    def request_digest(self, content: str) -> bytes:
        return hmac.digest(self.person_index_key, b"request " + content.encode(), "sha256")

    def one_time_code(self, nonce: bytes, *, bound_to: str) -> str:
        mac = hmac.digest(self.person_index_key, b"one-time code " + nonce + bound_to.encode(), "sha256")
        return f"{int.from_bytes(mac) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def ticket_token(self, ticket_id: int) -> str:
        return ticket_token(ticket_id, self.ticket_key)

    def read_ticket_token(self, typed: str) -> int | None:
        return read_token(typed, self.ticket_key)

    def seal_audit(self, previous: bytes, entry: bytes) -> bytes:
        return hmac.new(self.audit_key, previous + entry, hashlib.sha256).digest()

    def first_administrator_token(self) -> str:
        mac = hmac.new(self.cookie_key, b"first administrator", hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac[:24]).decode()


def create_keyring(path: Path) -> bool:
    """Make the key file with fresh keys, readable by its owner only. False when there is one: it is never replaced."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = {
        "current": 1,
        "data": {"1": _fresh_key()},
        **{purpose: _fresh_key() for purpose in PURPOSES},
    }
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())  # data sealed under a key that a power cut ate would be lost
    try:
        os.link(draft, path)  # appears whole or not at all, and never over another one
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def load_keyring(path: Path) -> FileKeyring:
    """Read the key file; raise KeyringMissing with what to do."""
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        return FileKeyring(
            current=content["current"],
            data={int(number): base64.b64decode(key) for number, key in content["data"].items()},
            **{f"{purpose}_key": base64.b64decode(content[purpose]) for purpose in PURPOSES},
        )
    except FileNotFoundError:
        raise KeyringMissing(f"No key file at {path}: run `queue-app init`, or put it back from the backup.") from None
    except (KeyError, ValueError) as problem:
        raise KeyringMissing(f"{path} is not a key file of this program: put it back from the backup.") from problem


def _fresh_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
