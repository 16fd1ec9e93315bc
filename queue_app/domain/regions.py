"""Region codes of the Ministry of Home Affairs: 33.14 for a regency or city, 33.14.10 for a kecamatan in it."""

from __future__ import annotations

import re

from .identity import is_province
from .setup import InvalidSetup

_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}(?:\.[0-9]{2})?")


def read_region_code(typed: str) -> str:
    """ "" where the office has not said. Raises InvalidSetup (``region``) for another form, or a province that is none;
    regencies and kecamatan come into being more often than programs are renewed, and are not looked up.
    """
    code = typed.strip()
    if code and not (_CODE.fullmatch(code) and is_province(code[:2]) and "00" not in code.split(".")):
        raise InvalidSetup(reason="region")
    return code
