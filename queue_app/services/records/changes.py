"""Changing a row to what its administrator has entered, and what of it the audit has to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from queue_app.models import Base


def change_columns(row: Base, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the columns that differ; what they were and what they are now, both empty when nothing differs."""
    after = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    before = {name: getattr(row, name) for name in after}
    for name, value in after.items():
        setattr(row, name, value)
    return before, after
