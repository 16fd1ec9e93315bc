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
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from queue_app.domain.keyring import data_key_name
from queue_app.domain.tickets import read_token, ticket_token

NONCE_BYTES = 12
KEY_BYTES = 32
CODE_DIGITS = 8
PURPOSES = ("person_index", "ticket", "audit", "cookie")
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
HIGHEST_NUMBER = 255  # a sealed value begins with the number of its key, in one byte


class _Misshapen(ValueError):
    """What is wrong with the content of a key file; quotes nothing of it."""


class KeyringMissing(Exception):
    """The key file is not there, or not usable as one; the text says what to do, and shows nothing of a key."""


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

    @cached_property
    def check_values(self) -> Mapping[str, bytes]:
        keys = {data_key_name(number): key for number, key in self.data.items()}
        keys |= {purpose: getattr(self, f"{purpose}_key") for purpose in PURPOSES}
        return {name: hmac.digest(key, b"key check " + name.encode(), "sha256") for name, key in keys.items()}

    @property
    def current_name(self) -> str:
        return data_key_name(self.current)

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

    def attempt_digest(self, counted: str) -> bytes:
        return hmac.digest(self.person_index_key, b"attempt " + counted.encode(), "sha256")

    def browser_proof(self, browser: str, staff_id: int, password_hash: str) -> str:
        content = f"known browser {browser} {staff_id} {password_hash}"
        return base64.urlsafe_b64encode(hmac.digest(self.cookie_key, content.encode(), "sha256")[:18]).decode()

    def one_time_code(self, nonce: bytes, *, bound_to: str) -> str:
        mac = hmac.digest(self.person_index_key, b"one-time code " + nonce + bound_to.encode(), "sha256")
        return f"{int.from_bytes(mac) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def ticket_token(self, ticket_id: int) -> str:
        return ticket_token(ticket_id, self.ticket_key)

    def read_ticket_token(self, typed: str) -> int | None:
        return read_token(typed, self.ticket_key)

    def seal_audit(self, previous: bytes, entry: bytes) -> bytes:
        return hmac.new(self.audit_key, previous + entry, hashlib.sha256).digest()

    def sign_anchor(self, text: bytes) -> bytes:
        return hmac.digest(self.audit_key, b"anchor " + text, "sha256")

    def first_administrator_token(self) -> str:
        mac = hmac.new(self.cookie_key, b"first administrator", hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac[:24]).decode()


def create_keyring(path: Path) -> bool:
    """Make the key file with fresh keys, readable by its owner only. False when there is one: it is never replaced.

    Raises KeyringMissing where it cannot be written.
    """
    if path.exists():  # nothing is written then: a full disk must not keep a program with keys from starting
        return False
    content = {
        "current": 1,
        "data": {"1": _fresh_key()},
        **{purpose: _fresh_key() for purpose in PURPOSES},
    }
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _write_whole(path, json.dumps(content, indent=1))
    except OSError as problem:
        raise KeyringMissing(f"The key file {path} cannot be made: {problem.strerror}.") from None


def _write_whole(path: Path, text: str) -> bool:
    """The file appears whole or not at all, and never over another one."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # data sealed under a key that a power cut ate would be lost
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink(missing_ok=True)
    return True


def load_keyring(path: Path) -> FileKeyring:
    """Read the key file; raise KeyringMissing with what to do."""
    text = _read(path)
    try:
        return _parsed(json.loads(text))
    except (ValueError, RecursionError) as problem:
        reason = str(problem) if isinstance(problem, _Misshapen) else "it is no JSON"
        raise KeyringMissing(
            f"{path} is not a key file of this program ({reason}): put it back from the backup."
        ) from None


def _read(path: Path) -> str:
    """The text of a file that nobody but its owner may read. Raises KeyringMissing."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise KeyringMissing(f"{path} is not a file: put the key file back from the backup.")
        if status.st_mode & 0o077:
            raise KeyringMissing(
                f"Others than its owner may read or change the key file {path}: close it by `chmod 600 {path}`, and "
                "think about who may have copied it."
            )
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        raise KeyringMissing(f"No key file at {path}: run `queue-app init`, or put it back from the backup.") from None
    except OSError as problem:
        raise KeyringMissing(
            f"The key file {path} cannot be read ({problem.strerror}): it must belong to the account that the "
            "program runs under."
        ) from None


def _parsed(content: Any) -> FileKeyring:
    """Raises _Misshapen."""
    if not isinstance(content, dict):
        raise _Misshapen("it holds no object")
    data = content.get("data")
    if not isinstance(data, dict) or not data:
        raise _Misshapen('"data" names no keys')
    if not all(_NUMBER.fullmatch(number) and int(number) <= HIGHEST_NUMBER for number in data):
        raise _Misshapen(f'the numbers of "data" are not whole ones from 1 to {HIGHEST_NUMBER}')
    current = content.get("current")
    if type(current) is not int or str(current) not in data:
        raise _Misshapen('"current" is not the number of one of its data keys')
    return FileKeyring(
        current=current,
        data={int(number): _key(key, f"data key {number}") for number, key in data.items()},
        **{f"{purpose}_key": _key(content.get(purpose), f'"{purpose}"') for purpose in PURPOSES},
    )


def _key(written: Any, name: str) -> bytes:
    try:
        key = base64.b64decode(written, validate=True) if isinstance(written, str) else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise _Misshapen(f"{name} is not {KEY_BYTES} bytes in base64")
    return key


def _fresh_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
