"""Anchors of the audit chain: what it was like at a moment, written down where the database is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Anchor:
    """The newest seal at a moment: its number in the chain, and its hash. ``at``: UTC."""

    at: datetime
    sequence: int
    hash: bytes

    @property
    def text(self) -> str:
        """What is signed, and written before the signature."""
        return f"{self.at.isoformat()} {self.sequence} {self.hash.hex()}"


def read_anchor(text: str) -> Anchor:
    """Raises ValueError for anything that `Anchor.text` has not made."""
    at, sequence, digest = text.split(" ")
    anchor = Anchor(datetime.fromisoformat(at), int(sequence), bytes.fromhex(digest))
    if anchor.text != text or anchor.at.tzinfo is None:
        raise ValueError("not in the form of an anchor")
    return anchor
