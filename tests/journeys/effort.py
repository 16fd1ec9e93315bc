"""How long a person takes who works a page by the keyboard.

By the keystroke-level model (Card, Moran and Newell, 1983): a key of somebody who types 40 words a minute, a pause
before each thing that is decided, and the answer of the system. Beside it every page is read once, word by word, at a
slow reader's pace, which the model leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

KEY = 0.28  # seconds
DECISION = 1.35
ANSWER = 2.0  # of a slow line, for each page
WORD = 60 / 150  # at 150 words a minute; adults read 180 to 240


@dataclass
class Effort:
    """Counted while it is done; ``pages`` by path, each with its words."""

    keys: int = 0
    decisions: int = 0
    answers: int = 0
    pages: dict[str, int] = field(default_factory=dict)

    def reads(self, path: str, text: str) -> None:
        self.pages[path] = max(self.pages.get(path, 0), len(text.split()))

    @property
    def seconds(self) -> float:
        acting = self.keys * KEY + self.decisions * DECISION + self.answers * ANSWER
        return acting + sum(self.pages.values()) * WORD
