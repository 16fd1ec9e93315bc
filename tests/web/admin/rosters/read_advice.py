"""The page of the quota advice as its reader takes it."""

from __future__ import annotations

import re

ADVICE = "/admin/saran-kuota"


def advised(text: str) -> int:
    found = re.search(r"Kuota umum (?:sekitar )?(\d+) sekarang", text)
    assert found, text
    return int(found.group(1))
