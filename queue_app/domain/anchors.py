"""Anchors of the audit chain: what it was like at a moment, written down where the database is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

RESTORED = " restored"  # at the end of a line that says so


@dataclass(frozen=True)
class Anchor:
    """The newest seal at a moment: its number in the chain, and its hash. ``at``: UTC.

    ``restored``: at that moment a backup with this chain was put back (number 0: with none), so seals further along
    that were written down before are lost with what they sealed.
    """

    at: datetime
    sequence: int
    hash: bytes
    restored: bool = False

    @property
    def text(self) -> str:
        """What is signed, and written before the signature."""
        return f"{self.at.isoformat()} {self.sequence} {self.hash.hex()}{RESTORED if self.restored else ''}"


def read_anchor(text: str) -> Anchor:
    """Raises ValueError for anything that `Anchor.text` has not made."""
    at, sequence, digest = text.removesuffix(RESTORED).split(" ")
    anchor = Anchor(datetime.fromisoformat(at), int(sequence), bytes.fromhex(digest), text.endswith(RESTORED))
    if anchor.text != text or anchor.at.tzinfo is None:
        raise ValueError("not in the form of an anchor")
    return anchor


def in_force(anchors: Sequence[Anchor]) -> list[Anchor]:
    """Those whose seal has to be there: all but what a restoration has lost."""
    marks = [anchor for anchor in anchors if anchor.restored]
    return [
        anchor
        for anchor in anchors
        if anchor.sequence and not any(anchor.at <= mark.at and anchor.sequence > mark.sequence for mark in marks)
    ]
