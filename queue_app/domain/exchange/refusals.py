"""Refusals of a file, of a row and of a cell that come from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from queue_app.domain.errors import DomainError


class FileRefused(DomainError):
    """``details['reason']``: none | unreadable | encoding | too_much (unpacked) | empty | rows (``maximum``) |
    headings (``missing``, by name) | heading_twice (``name``).
    """

    code = "file_refused"


class CellRefused(DomainError):
    """``details['reason']``: missing | long (``maximum``) | personal | shown (a formula's error) | nik_number |
    nik_mangled | nik_rounded | masked | phone_mangled | date | date_number | clock | office | service | role |
    holiday_kind | category | minutes | window (``hours``: local times of those there are) | past | twice (``line``) |
    already_there | name_needed | own_service | unprintable (``signs``).
    """

    code = "cell_refused"


@dataclass(frozen=True)
class Problem:
    """``line``: as the spreadsheet counts, the heading being the first. ``column``: None where the row as a whole is
    refused."""

    line: int
    column: str | None
    refusal: DomainError
