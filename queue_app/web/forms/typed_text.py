"""Typed text before anything looks at it: without what nobody means to type."""

from __future__ import annotations


def trimmed(typed: str | None) -> str:
    """Without blanks around it, and without NUL characters: PostgreSQL refuses them, and nobody means them."""
    return (typed or "").replace("\0", "").strip()


def printable(typed: str | None) -> str:
    """Without the control characters that some scanners send around a code."""
    return "".join(character for character in typed or "" if character.isprintable()).strip()
