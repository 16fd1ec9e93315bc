"""The keys themselves, one for each purpose, and all that is done with them.

AES-256-GCM seals personal data, bound to its row and column. Former data keys stay for reading; the one named by
`current` seals. The file they are read from is `key_file.py`'s.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from queue_app.domain.keyring import EPOCH, KeysInForce, data_key_name, data_key_number
from queue_app.domain.macs import mac
from queue_app.domain.tickets import read_token, ticket_token

NONCE_BYTES = 12
CODE_DIGITS = 8
PURPOSES = ("person_index", "ticket", "audit", "cookie")


def check_value(name: str, key: bytes) -> bytes:
    return mac(key, b"key check " + name.encode())


@dataclass(frozen=True, repr=False)
class FormerTicketKey:
    """Tickets up to ``last_id`` were given under it."""

    last_id: int
    key: bytes


@dataclass(frozen=True, repr=False)
class FileKeyring:
    """Implements `queue_app.domain.keyring.Keyring`."""

    current: int
    data: dict[int, bytes]
    person_index_key: bytes
    ticket_key: bytes
    audit_key: bytes
    cookie_key: bytes
    former_tickets: tuple[FormerTicketKey, ...] = ()  # in the order of their tickets

    @cached_property
    def _ciphers(self) -> dict[int, AESGCM]:
        return {number: AESGCM(key) for number, key in self.data.items()}

    @cached_property
    def check_values(self) -> Mapping[str, bytes]:
        keys = {data_key_name(number): key for number, key in self.data.items()}
        keys |= {purpose: getattr(self, f"{purpose}_key") for purpose in PURPOSES}
        values = {name: check_value(name, key) for name, key in keys.items()}
        former = {check_value("ticket", one.key): one.last_id for one in self.former_tickets}
        return KeysInForce(values, former).complete().values

    @property
    def epoch(self) -> bytes:
        return self.check_values[EPOCH]

    @property
    def current_name(self) -> str:
        return data_key_name(self.current)

    def seal(self, plain: str, *, bound_to: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self.current].encrypt(nonce, plain.encode(), bound_to.encode())
        return bytes([self.current]) + nonce + sealed

    def is_under(self, sealed: bytes, name: str) -> bool:
        return sealed[:1] == bytes([data_key_number(name)])

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
        return mac(self.person_index_key, nik.encode())

    def request_digest(self, content: str) -> bytes:
        return mac(self.person_index_key, b"request " + content.encode())

    def attempt_digest(self, counted: str) -> bytes:
        return mac(self.person_index_key, b"attempt " + counted.encode())

    def browser_proof(self, browser: str, staff_id: int, password_hash: str) -> str:
        content = f"known browser {browser} {staff_id} {password_hash}"
        return base64.urlsafe_b64encode(mac(self.cookie_key, content.encode())[:18]).decode()

    def one_time_code(self, nonce: bytes, *, bound_to: str) -> str:
        code = mac(self.person_index_key, b"one-time code " + nonce + bound_to.encode())
        return f"{int.from_bytes(code) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def ticket_token(self, ticket_id: int) -> str:
        return ticket_token(ticket_id, self._ticket_key(ticket_id))

    def read_ticket_token(self, typed: str) -> int | None:
        for key in (self.ticket_key, *(former.key for former in self.former_tickets)):
            ticket_id = read_token(typed, key)
            if ticket_id is not None and key == self._ticket_key(ticket_id):
                return ticket_id
        return None

    def _ticket_key(self, ticket_id: int) -> bytes:
        """That it was given under: what is on paper, in a mail or in the list of a desk without connection stays true,
        and a former key makes no newer ticket."""
        return next((one.key for one in self.former_tickets if ticket_id <= one.last_id), self.ticket_key)

    def seal_audit(self, previous: bytes, entry: bytes) -> bytes:
        return mac(self.audit_key, previous + entry)

    def sign_anchor(self, text: bytes) -> bytes:
        return mac(self.audit_key, b"anchor " + text)

    def first_administrator_token(self) -> str:
        return base64.urlsafe_b64encode(mac(self.cookie_key, b"first administrator")[:24]).decode()
