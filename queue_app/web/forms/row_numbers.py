"""Ids in addresses and forms: a number that no table could hold finds nothing, and never reaches the database."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map

from queue_app.models.base import LARGEST_ID


class RowNumber(IntegerConverter):
    """Stands in for ``<int:…>`` in every route."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map, **options: Any) -> None:
        super().__init__(map, **{"max": LARGEST_ID, **options})


def row_number(typed: str) -> int:
    """The ``type`` of an id in a query or form; raises ValueError, which Flask takes as absent."""
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 10 or int(typed) > LARGEST_ID:
        raise ValueError(typed)
    return int(typed)


def row_number_or_none(typed: str | int | None) -> int | None:
    """The ``coerce`` of a choice that may be left open."""
    try:
        return row_number(str(typed))
    except ValueError:
        return None
