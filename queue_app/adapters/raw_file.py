"""Look into a database file as a thief would: as bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from queue_app.domain.identity import personal_numbers

CHUNK = 1 << 20
OVERLAP = 32  # longer than any number looked for, so that none hides at a seam


def personal_numbers_in(path: Path) -> Iterator[tuple[str, int]]:
    """Whatever reads like a NIK or a mobile number in the clear, whichever table or freed page it lies in; and at which
    byte of the file it begins.
    """
    tail, begins = "", 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = tail + chunk.decode("latin-1")
            for number in personal_numbers(text):
                yield number, begins + text.index(number)
            tail = text[-OVERLAP:]
            begins += len(text) - len(tail)
