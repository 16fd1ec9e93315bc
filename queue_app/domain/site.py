"""The head of every page: how long its lines may be, and on which colours white can be read."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from .setup import InvalidSetup

LONGEST_HEADING = 80  # characters
LOGO_FILE_MAX = 60_000  # bytes: what is sent in one form may have 64 KB, and the form itself needs some
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: of the office's name, white on its colour
DARK_COLOURS = ("#0f4c5c", "#1b4f72", "#14532d", "#7a1f5c", "#7b241c", "#4a235a", "#37474f")  # to begin with
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Logo:
    """A picture for the head of the pages, as this program has drawn it anew: PNG; sides in pixels."""

    picture: bytes
    width: int
    height: int

    @property
    def version(self) -> str:
        """In its address: another picture has another one."""
        return hashlib.sha256(self.picture).hexdigest()[:16]


def require_heading(text: str) -> str:
    """Raises InvalidSetup (``title``)."""
    if len(text) > LONGEST_HEADING or not text.isprintable():
        raise InvalidSetup(reason="title")
    return text


def require_colour(text: str) -> str:
    """Raises InvalidSetup (``colour``, with ``contrast`` where white is not legible on it)."""
    if not is_colour(text):
        raise InvalidSetup(reason="colour")
    if (contrast := contrast_of_white(text)) < LEAST_CONTRAST:
        raise InvalidSetup(reason="colour", contrast=contrast)
    return text.lower()


def is_colour(text: str) -> bool:
    return _COLOUR.fullmatch(text) is not None


def contrast_of_white(colour: str) -> float:
    """By WCAG 2: 21 on black, 1 on white."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    luminance = sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)
