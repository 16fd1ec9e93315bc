"""From any Unicode text to the characters that the fonts built into every PDF reader can show."""

import unicodedata

# Letters and signs that Unicode does not decompose into something Windows-1252 has.
_REPLACEMENTS = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N", "ə": "e"}
    | {"‐": "-", "‑": "-", "‒": "–", "―": "—", "−": "–", "′": "'", "″": '"', "ʼ": "'", "ʻ": "'", "‛": "'"}
)

# Controls, direction marks, lone surrogates and free-standing accents: nothing to show, so no "?" for them
# either.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


def printable(text: str) -> str:
    """Return `text` on one line in Windows-1252 characters, runs of white space as one space.

    Letters outside it lose their accents; each run of characters that cannot be shown becomes one "?". A font
    for every script would weigh more than the whole program, and the civil registry writes names in Latin
    letters.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    for char in unicodedata.normalize("NFC", text).translate(_REPLACEMENTS):
        if char.isspace():
            kept.append(" ")
        elif unicodedata.category(char) in _INVISIBLE:
            continue
        elif plain := _plain(char):
            kept.append(plain)
        elif not kept or kept[-1] != "?":
            kept.append("?")
    return " ".join("".join(kept).split())


def _plain(char: str) -> str:
    """Return `char` as it is when the fonts have it, else what is left of its decomposition, else nothing."""
    if _has(char):
        return char
    return "".join(part for part in unicodedata.normalize("NFKD", char) if _has(part))


def _has(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
