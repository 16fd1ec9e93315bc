"""The text that a scanner types, read back to what stood in the code: past its prefix and the keyboard's layout.

A scanner that types presses keys by their place on a US keyboard; the computer turns them into the characters of its
own layout. Whatever is typed for a ticket's token can be undone without a doubt, because only one of the readings is
genuine. A booking code has no such mark: it is read another way only where the text as it is can be none, and only one
other reading can. Its twin in the browser is static/js/scanned.js.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .tickets import ALPHABET, TOKEN_LENGTH, plain_code, read_code

LONGEST = 200  # characters of a scan; a token's link has about 60
_AIM_PREFIX = re.compile(r"^[\]+$*)][A-Za-z]\S")  # "]Q1", also as other layouts show it


def _layout(us: str, shown: str) -> dict[int, str]:
    """What each character of another layout is on a US keyboard, small and capital letters alike."""
    return {ord(there): here for here, there in zip(us, shown, strict=True)}


def _swapped(pairs: str) -> dict[int, str]:
    one, other = pairs[::2], pairs[1::2]
    return _layout(one + other, other + one)


# With caps lock on, Windows gives what stands above the digits.
_QWERTZ = {**_swapped("yzYZ"), **_layout("1234567890", '!"§$%&/()=')}
_AZERTY = {
    **_swapped("aqzwAQZW"),
    **_layout("1234567890mM", "&é\"'(-è_çà,?"),
    **_layout("68", "§!"),  # Belgian, and French on a Mac
    **_layout("2790", "ÉÈÇÀ"),  # with caps lock on
}
# The scanner is set to AZERTY, and the computer is not.
_FROM_AZERTY = {**_swapped("aqzwAQZW"), **_layout("1234567890mM", "!@#$%^&*();:")}
_CZECH = {**_swapped("yzYZ"), **_layout("1234567890", "+ěščřžýáíé"), **_layout("234567890", "ĚŠČŘŽÝÁÍÉ")}
LAYOUTS = {"qwertz": _QWERTZ, "azerty": _AZERTY, "from_azerty": _FROM_AZERTY, "czech": _CZECH}


def token_readings(typed: str) -> Iterator[str]:
    """Whatever of ``typed`` may be a ticket's token, the likeliest first: 34 characters each."""
    seen: set[str] = set()
    for text in _in_each_layout(typed):
        code = plain_code(text)
        # A prefix or suffix of the scanner's, or the address of a ticket's page, stands before or after it.
        for start in sorted(range(max(0, len(code) - TOKEN_LENGTH + 1)), reverse=True):
            reading = code[start : start + TOKEN_LENGTH]
            if reading not in seen and set(reading) <= set(ALPHABET):
                seen.add(reading)
                yield reading


def scanned_code(typed: str) -> str | None:
    """The booking code in a scan, as `tickets.read_code` gives it; None where there is none, or more than one."""
    text = typed.strip()
    as_it_is, *others = (read_code(each) for each in _in_each_layout(_AIM_PREFIX.sub("", text)))
    found = {code for code in others if code}
    return as_it_is or (found.pop() if len(found) == 1 else None)


def _in_each_layout(typed: str) -> Iterator[str]:
    for table in ({}, *LAYOUTS.values()):
        yield typed[:LONGEST].translate(table)
