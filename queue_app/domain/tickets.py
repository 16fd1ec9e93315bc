"""Booking codes, queue numbers, and the unforgeable token that a ticket's QR code carries."""

from __future__ import annotations

import base64
import hmac
import secrets

from .macs import mac
from .typed_text import folded

# Crockford's base 32: no I, L, O, U, so that a code survives being read aloud and written by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_OF_RFC_4648 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
# Telephones turn a dash into a longer one by themselves, and some people write a dot.
_AS_READ = str.maketrans({"O": "0", "I": "1", "L": "1"} | dict.fromkeys(" -.\u2010\u2011\u2012\u2013\u2014\u2212"))
CODE_LENGTH = 8
ID_BYTES = 5
MAC_BYTES = 16  # 128 bits
TOKEN_LENGTH = 34  # ceil((5 + 16) * 8 / 5)


def new_booking_code() -> str:
    """Eight random characters (40 bits); a collision meets the unique constraint."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(CODE_LENGTH))  # 32 divides 256


def show_code(code: str) -> str:
    """``7KX9-2MQA``: as printed."""
    return f"{code[:4]}-{code[4:]}"


def read_code(typed: str) -> str | None:
    """The booking code somebody typed, whatever its case, dashes and look-alikes; None when it cannot be one."""
    code = plain_code(typed)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def plain_code(typed: str) -> str:
    """In capitals, without dashes and spaces, and with the digits that look-alike letters were meant for."""
    return folded(typed).strip().upper().translate(_AS_READ)


def show_number(letter: str, number: int) -> str:
    """``A-012``."""
    return f"{letter}-{number:03d}"


def ticket_token(ticket_id: int, key: bytes) -> str:
    """The token of a ticket: a MAC of its id, and the id masked by it, so that nothing secret need be stored.

    Whoever holds it may see and change that ticket, so it appears only on the ticket itself and in its link.
    """
    identity = ticket_id.to_bytes(ID_BYTES, "big")
    proof = _proof(b"ticket" + identity, key)
    return _encode(proof + _masked(identity, proof, key))


def read_token(typed: str, key: bytes) -> int | None:
    """The ticket id of a genuine token (as scanned or typed), else None."""
    token = plain_code(typed)
    if len(token) != TOKEN_LENGTH or not set(token) <= set(ALPHABET):
        return None
    number = 0
    for character in token:
        number = number * 32 + ALPHABET.index(character)
    padding = TOKEN_LENGTH * 5 - (ID_BYTES + MAC_BYTES) * 8
    if number & ((1 << padding) - 1):
        return None  # a second spelling of the same token must not pass
    raw = (number >> padding).to_bytes(MAC_BYTES + ID_BYTES, "big")
    proof = raw[:MAC_BYTES]
    identity = _masked(raw[MAC_BYTES:], proof, key)
    genuine = hmac.compare_digest(proof, _proof(b"ticket" + identity, key))
    return int.from_bytes(identity, "big") if genuine else None


def _proof(content: bytes, key: bytes) -> bytes:
    return mac(key, content)[:MAC_BYTES]


def _masked(identity: bytes, proof: bytes, key: bytes) -> bytes:
    """The id covered, or uncovered: a plain one would tell every holder how many tickets there are."""
    return bytes(one ^ other for one, other in zip(identity, _proof(b"mask" + proof, key), strict=False))


def _encode(raw: bytes) -> str:
    return base64.b32encode(raw).rstrip(b"=").translate(_OF_RFC_4648).decode()
