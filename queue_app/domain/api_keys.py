"""The keys that partners' programs show: what they open, and what they look like."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from enum import StrEnum

from .errors import InvalidKeyName, UnknownScope

PREFIX = "qak_"  # queue-app key: scanners for leaked secrets, and people, recognise it
RANDOM_BYTES = 24  # 192 bits
SHOWN = len(PREFIX) + 6  # what a list shows of a key: enough to tell it from others, useless to guess the rest
_KEY = re.compile(f"{PREFIX}[0-9a-f]{{{2 * RANDOM_BYTES}}}")
_LETTERS = bytes.maketrans(b"0123456789", b"ghijklmnop")
_NAME = re.compile(r"[\w][\w .()/&-]{0,59}")
LIMIT_MAX = 100_000  # requests a minute


class Scope(StrEnum):
    """What a key opens. Reading what is public needs none."""

    BOOKINGS_WRITE = "bookings:write"  # book; see, move and cancel the bookings that this key made
    CHECK_INS_WRITE = "check-ins:write"
    FIGURES_READ = "figures:read"  # of any office; they name nobody


def new_key() -> str:
    return PREFIX + secrets.token_hex(RANDOM_BYTES)


def looks_like_key(typed: str) -> bool:
    return _KEY.fullmatch(typed) is not None


def hash_key(key: str) -> bytes:
    """What is stored. One round of SHA-256 is enough: 192 random bits cannot be guessed, however fast the hash is, and
    slow hashes are for passwords, which people choose.
    """
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def read_scopes(names: Iterable[str]) -> frozenset[Scope]:
    """Scopes by their names; raise UnknownScope for one that is not known, or when there is none."""
    wanted = {name.strip() for name in names} - {""}
    unknown = wanted - set(Scope)
    if unknown or not wanted:
        raise UnknownScope(unknown=sorted(unknown))
    return frozenset(map(Scope, wanted))


def read_key_name(typed: str) -> str:
    """Trim; raise InvalidKeyName. The name goes into lists and the audit, so it must be short and plain."""
    name = " ".join(typed.split())
    if not _NAME.fullmatch(name):
        raise InvalidKeyName()
    return name


def in_letters(sent: str) -> str:
    """A key or nonce of a partner's, as it is stored: it may hold a NIK, and a UUID can read like a mobile number."""
    return hashlib.sha256(sent.encode()).hexdigest().encode().translate(_LETTERS).decode()
