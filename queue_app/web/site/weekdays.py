"""The names of the weekdays in the reader's language, Monday first."""

from __future__ import annotations

from collections import UserString

from queue_app.adapters.language import ENGLISH
from queue_app.domain.opening_hours import WEEKDAYS as NAMES

from .language import current_language


class Weekday(UserString):
    """``number``: 0 for Monday. For labels and choices of form classes, which exist before there is a reader."""

    def __init__(self, number: int) -> None:
        self.number = number

    @property
    def data(self) -> str:  # type: ignore[override]  # read-only, as of every lazy text
        indonesian, english = NAMES[self.number]
        return english if current_language() == ENGLISH else indonesian


WEEKDAYS = tuple(map(Weekday, range(len(NAMES))))
