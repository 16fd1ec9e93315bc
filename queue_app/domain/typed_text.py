"""Text as it was typed or pasted, without what nobody sees or means, before anything looks at it."""

from __future__ import annotations

import unicodedata

# By their category letters and marks, but they show nothing: fillers of Hangul and Khmer, and selectors of a variant.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | frozenset(
    map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)
_MEANING_NONE = frozenset(
    {
        "none",
        "kosong",
        "nihil",
        "tidak",
        "tidak ada",
        "tdk ada",
        "tak ada",
        "tidak punya",
        "no",
        "n/a",
        "na",
        "nil",
        "x",
    }
)


def cleaned(typed: str) -> str:
    """Without direction marks, zero-width and control characters, and with letters and digits of ordinary width.

    Right for any text, also prose: lines and tabs stay, and so do ½, ² and ≥, which NFKC would change in meaning.
    """
    if typed.isascii() and typed.isprintable():
        return typed
    return unicodedata.normalize("NFC", "".join(map(_plain, typed)))


def folded(typed: str) -> str:
    """`cleaned`, and every digit an ASCII digit and every letter in its plain form (NFKC): for numbers and codes."""
    if typed.isascii() and typed.isprintable():
        return typed
    text = unicodedata.normalize("NFKC", cleaned(typed))
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def means_none(typed: str) -> bool:
    """A dash, or words, in a field that may stay empty."""
    said = folded(typed).strip().rstrip(".").lower()
    return all(unicodedata.category(sign) == "Pd" for sign in said) or " ".join(said.split()) in _MEANING_NONE


def _plain(sign: str) -> str:
    if sign in "\t\n\r":
        return sign
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp"}:
        return " " if sign.isspace() else ""
    if category == "Cf" or sign in _UNSEEN:
        return ""
    kind, _, ordinary = unicodedata.decomposition(sign).partition(" ")
    return chr(int(ordinary, 16)) if kind in {"<wide>", "<narrow>"} else sign
