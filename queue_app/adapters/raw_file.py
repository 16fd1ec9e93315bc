"""Look into a database file as a thief would: as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from queue_app.domain.identity import personal_numbers

CHUNK = 1 << 20
OVERLAP = 32  # longer than any number looked for, so that none hides at a seam


def personal_numbers_in(path: Path) -> Iterator[str]:
    """Whatever reads like a NIK or a mobile number in the clear, whichever table or freed page it lies in."""
    tail = ""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk.decode("latin-1")
            yield from personal_numbers(text)
            tail = text[-OVERLAP:]
