"""How an office can be reached: its telephones, and the channel for complaints."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from .errors import DomainError

PHONE_MAX, ADDRESS_MAX = 30, 300
_WRITTEN_PHONE = re.compile(r"[+(]?[0-9][0-9 ().\-]*")
# Indonesian short numbers (112, 119) have three digits; E.164 allows fifteen.
_DIGITS = range(3, 16)


class InvalidContact(DomainError):
    """``details['reason']``: phone | address (of a web page)."""

    code = "invalid_contact"


def read_office_phone(typed: str) -> str:
    """The number as the office writes it, "(0271) 890 900"; "" for none. Raises InvalidContact (``phone``)."""
    written = " ".join(unicodedata.normalize("NFKC", typed).split())
    if not written:
        return ""
    digits = sum(sign.isdigit() for sign in written)
    if len(written) > PHONE_MAX or digits not in _DIGITS or not _WRITTEN_PHONE.fullmatch(written):
        raise InvalidContact(reason="phone")
    return written


def read_web_address(typed: str) -> str:
    """An address that a page may lead to; "" for none. Raises InvalidContact (``address``).

    Only https: what stands on every page must not lead through a network that can change it.
    """
    address = typed.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise InvalidContact(reason="address") from None
    is_plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= ADDRESS_MAX
    if not is_plain or parts.scheme != "https" or "." not in host or parts.username is not None:
        raise InvalidContact(reason="address")
    return address


def dialable(written: str) -> str:
    """``+62271890900`` of "(0271) 890900": what telephones understand; short numbers as they are."""
    digits = "".join(sign for sign in written if sign.isdigit())
    if written.lstrip("( ").startswith("+"):
        return f"+{digits}"
    return f"+62{digits[1:]}" if digits.startswith("0") else digits


def written_mobile(phone: str) -> str:
    """``0812 3456 7890`` of ``+6281234567890``: as people write it."""
    digits = "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
    return " ".join(filter(None, (digits[:4], digits[4:8], digits[8:])))


def channel_name(address: str) -> str:
    """What a channel for complaints is called on a page: the government's own by its name, others by their host."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    return f"SP4N-LAPOR! ({host})" if host == "lapor.go.id" else host
