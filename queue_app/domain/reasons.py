"""The reasons that staff give for what they do: they stay in the audit log, so they must name nobody."""

from __future__ import annotations

import re

from .errors import PersonalNumber, ReasonRequired

REASON_MIN = 3
REASON_MAX = 300
# The audit log outlives the retention of personal data (UU 27/2022): a NIK or a mobile number in it would stay.
_NIK = re.compile(r"[0-9](?:[ .\-]?[0-9]){15}")
_MOBILE = re.compile(r"(?:\+?62|\b0)[ .\-]?8[ .\-]?[1-9](?:[ .\-]?[0-9]){6,10}\b")


def read_reason(typed: str) -> str:
    """Trim and collapse white space; raise ReasonRequired when nothing is said, PersonalNumber when it names somebody."""
    reason = " ".join(typed.split())
    if len(reason) < REASON_MIN:
        raise ReasonRequired()
    if names_a_person(reason):
        raise PersonalNumber()
    return reason[:REASON_MAX]


def names_a_person(text: str) -> bool:
    """Whether a text holds what looks like a NIK or a mobile number."""
    return bool(_NIK.search(text) or _MOBILE.search(text))
