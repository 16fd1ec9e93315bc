"""Telephone numbers: read however people write them, and shown to their owner or masked.

Own rules, and not the library phonenumbers (9.0.43): that takes ``0062 812…`` for another number, makes an area code of
``628 12345678``, and takes the first number out of whatever text stands around it.
"""

from __future__ import annotations

import re

from .typed_text import folded
from .typing_errors import InvalidPhone

MOBILE_DIGITS = (9, 12)  # behind +62
LANDLINE_DIGITS = (8, 11)  # area code and number
_BETWEEN_DIGITS = re.compile(r"[\s.,/()\[\]\-\u2010-\u2015\u2212]")
_PHONE = re.compile(r"(?P<abroad>(?:\+|00)?62)?0?(?P<national>[2-9][0-9]*)")


def parse_phone(raw: str) -> str:
    """Normalise an Indonesian number to ``+62…``, however it is written; raise InvalidPhone (docs/rules.md R-PHONE-1).

    ``62…`` without a plus is the country code: as an area code nobody writes it without its 0. ``812…`` without 0 is a
    mobile number.
    """
    compact = _BETWEEN_DIGITS.sub("", folded(raw).strip().removeprefix("tel:"))
    if not re.fullmatch(r"\+?[0-9]+", compact):
        raise InvalidPhone(reason="shape")
    found = _PHONE.fullmatch(compact.removeprefix("+") if compact.startswith("+0") else compact)
    if found is None or (compact.startswith("+") and not compact.startswith(("+62", "+0"))):
        raise InvalidPhone(reason="foreign" if compact.startswith(("+", "00")) else "shape")
    national = found["national"]
    if national.startswith("80"):
        raise InvalidPhone(reason="shape")  # numbers of services, such as 0800 and 0804
    is_mobile = national.startswith("8")
    if not (is_mobile or found["abroad"] or compact.startswith(("0", "+0"))):
        raise InvalidPhone(reason="shape")  # a landline needs its area code, and that begins with 0
    least, most = MOBILE_DIGITS if is_mobile else LANDLINE_DIGITS
    if not least <= len(national) <= most:
        reason = "short" if len(national) < least else "long"
        raise InvalidPhone(reason=reason, digits=len(national) + 1, least=least + 1, most=most + 1)
    return "+62" + national


def show_phone(phone: str) -> str:
    """``0812 3456 7890`` of ``+6281234567890``: as people write and compare their own number."""
    local = "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
    groups = [local[start : start + 4] for start in range(0, len(local), 4)]
    if len(groups) > 1 and len(groups[-1]) == 1:  # no lonely digit at the end
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join(groups)


def mask_phone(phone: str) -> str:
    """``+62812•••789`` of ``+628123456789``: enough for the owner to recognise it."""
    return f"{phone[:6]}•••{phone[-3:]}"
