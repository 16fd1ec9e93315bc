"""Announcements: told to everybody for a while, on an office's pages and on the display in its hall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from .errors import DomainError
from .identity import holds_personal_number

TEXT_MAX = 200  # characters: two lines on a display, read in passing
LONGEST = timedelta(days=366)


class Level(StrEnum):
    INFO = "info"
    IMPORTANT = "important"  # changes what people have to do: stands first, and is marked


class InvalidAnnouncement(DomainError):
    """``details['reason']``: text | personal | times | past | too_long | nowhere."""

    code = "invalid_announcement"


@dataclass(frozen=True)
class Announcing:
    """Texts as typed, the English one may be empty; ``starts_at`` and ``ends_at``: when it is shown."""

    text_id: str
    text_en: str
    level: Level
    on_pages: bool
    on_display: bool
    starts_at: datetime
    ends_at: datetime

    def checked(self, *, now: datetime) -> dict[str, object]:
        """By the names of the columns; without English the Indonesian text stands for both. Raises
        InvalidAnnouncement.
        """
        indonesian, english = (" ".join(text.split()) for text in (self.text_id, self.text_en))
        if not indonesian or max(len(indonesian), len(english)) > TEXT_MAX:
            raise InvalidAnnouncement(reason="text")
        if holds_personal_number(indonesian) or holds_personal_number(english):
            raise InvalidAnnouncement(reason="personal")
        if self.ends_at <= self.starts_at:
            raise InvalidAnnouncement(reason="times")
        if self.ends_at <= now:
            raise InvalidAnnouncement(reason="past")
        if self.ends_at - self.starts_at > LONGEST:
            raise InvalidAnnouncement(reason="too_long")
        if not (self.on_pages or self.on_display):
            raise InvalidAnnouncement(reason="nowhere")
        return {**vars(self), "text_id": indonesian, "text_en": english or indonesian}
