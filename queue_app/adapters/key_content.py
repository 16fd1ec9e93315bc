"""The content of a key file, and how it is written.

While keys are being replaced it holds more than one of a purpose, oldest first; which of them is in force is said by
the database (`queries/records/key_checks.py`), so that all processes change over at the same instant.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from queue_app.domain.keyring import KeysInForce, data_key_name

from .keyring import PURPOSES, FileKeyring, FormerTicketKey, check_value

KEY_BYTES = 32
_NUMBER = re.compile(r"[1-9][0-9]{0,2}")
HIGHEST_NUMBER = 255  # a sealed value begins with the number of its key, in one byte
DATA = "data"
UNKNOWN = KeysInForce()  # of a database that knows no keys yet


class Misshapen(ValueError):
    """What is wrong with the content of a key file; quotes nothing of it."""


class KeyringMissing(Exception):
    """The key file is not there, or not usable as one; the text says what to do, and shows nothing of a key."""


@dataclass(frozen=True, repr=False)
class KeyFile:
    """``current``: the number of the data key that seals where the database says nothing; ``keys``: by purpose, oldest
    first."""

    current: int
    data: dict[int, bytes]
    keys: dict[str, tuple[bytes, ...]]

    def keyring(self, known: KeysInForce = UNKNOWN) -> FileKeyring:
        """The keys in force, as far as the file has them; the newest where the database knows none of these."""
        values = known.values
        chosen = {}
        for purpose, keys in self.keys.items():
            fitting = (key for key in keys if check_value(purpose, key) == values.get(purpose))
            chosen[f"{purpose}_key"] = next(fitting, keys[-1])
        data = {number: key for number, key in self.data.items() if data_key_name(number) in values}
        former = [
            FormerTicketKey(known.former_tickets[value], key)
            for key in self.keys["ticket"]
            if (value := check_value("ticket", key)) in known.former_tickets
        ]
        return FileKeyring(
            current=max(data) if data else self.current,
            data=data or self.data,
            former_tickets=tuple(sorted(former, key=lambda one: one.last_id)),
            **chosen,
        )

    def waiting(self, keyring: FileKeyring) -> frozenset[str]:
        """What has a key here that is newer than the one in force: a purpose, or `DATA`."""
        newer = {name for name, keys in self.keys.items() if keys[-1] != getattr(keyring, f"{name}_key")}
        return frozenset(newer | ({DATA} if max(self.data) > keyring.current else set()))

    def with_new(self, names: Iterable[str]) -> KeyFile:
        """One more key for each of these. Raises KeyringMissing when the numbers of data keys are used up."""
        keys, data, current = dict(self.keys), dict(self.data), self.current
        for name in names:
            if name == DATA:
                current = max(data) + 1
                data[current] = fresh_key()
            else:
                keys[name] = (*keys[name], fresh_key())
        if current > HIGHEST_NUMBER:
            raise KeyringMissing(f"Data keys have numbers up to {HIGHEST_NUMBER}, and those are used up.")
        return KeyFile(current, data, keys)

    def without_former(self, keyring: FileKeyring) -> KeyFile:
        """Only what is in force, still read, or waiting."""
        kept = {}
        for name, keys in self.keys.items():
            in_force = keys.index(getattr(keyring, f"{name}_key"))
            former = {one.key for one in keyring.former_tickets} if name == "ticket" else set()
            kept[name] = (*(key for key in keys[:in_force] if key in former), *keys[in_force:])
        data = {number: key for number, key in self.data.items() if number in keyring.data or number > keyring.current}
        return replace(self, keys=kept, data=data)

    def text(self) -> str:
        """One key is written as a text and not as a list: as programs know it that are older than the list."""
        keys = {name: [_written(key) for key in keys] for name, keys in self.keys.items()}
        content = {
            "current": self.current,
            "data": {str(number): _written(key) for number, key in sorted(self.data.items())},
            **{name: written[0] if len(written) == 1 else written for name, written in keys.items()},
        }
        return json.dumps(content, indent=1)


def parsed(content: Any) -> KeyFile:
    """Raises Misshapen."""
    if not isinstance(content, dict):
        raise Misshapen("it holds no object")
    data = content.get("data")
    if not isinstance(data, dict) or not data:
        raise Misshapen('"data" names no keys')
    if not all(_NUMBER.fullmatch(number) and int(number) <= HIGHEST_NUMBER for number in data):
        raise Misshapen(f'the numbers of "data" are not whole ones from 1 to {HIGHEST_NUMBER}')
    current = content.get("current")
    if type(current) is not int or str(current) not in data:
        raise Misshapen('"current" is not the number of one of its data keys')
    return KeyFile(
        current=current,
        data={int(number): _key(key, f"data key {number}") for number, key in data.items()},
        keys={purpose: _keys(content.get(purpose), f'"{purpose}"') for purpose in PURPOSES},
    )


def _keys(written: Any, name: str) -> tuple[bytes, ...]:
    several = written if isinstance(written, list) and written else [written]
    return tuple(_key(one, name) for one in several)


def _key(written: Any, name: str) -> bytes:
    try:
        key = base64.b64decode(written, validate=True) if isinstance(written, str) else b""
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Misshapen(f"{name} is not {KEY_BYTES} bytes in base64")
    return key


def fresh_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _written(key: bytes) -> str:
    return base64.b64encode(key).decode()
