"""Filters of single fields. What nobody sees is gone before them: `office_form.py` cleans all that a form gets."""

from __future__ import annotations


def trimmed(typed: str | None) -> str:
    return (typed or "").strip()


def printable(typed: str | None) -> str:
    """On one line, without what some scanners send around a code."""
    return "".join(character for character in typed or "" if character.isprintable()).strip()
