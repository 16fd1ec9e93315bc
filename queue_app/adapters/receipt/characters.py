"""From any text to lines of ASCII: which code page a cheap printer really has, nobody knows."""

from __future__ import annotations

import textwrap
import unicodedata

from queue_app.adapters.pdf.characters import printable

ELLIPSIS = "..."
_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "•": "-", "·": "-", "…": ELLIPSIS, "‘": "'", "’": "'", "“": '"', "”": '"', "ß": "ss", "×": "x"}
)


def plain(text: str) -> str:
    """``text`` on one line in printable ASCII; letters lose their accents, what cannot be shown becomes "?"."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    decomposed = unicodedata.normalize("NFKD", printable(text).translate(_PLAIN))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.encode("ascii", "replace").decode()


def lines_of(text: str, columns: int, most: int) -> list[str]:
    """``text`` in lines of up to ``columns`` characters; beyond ``most`` lines the last one ends in an ellipsis."""
    lines = textwrap.wrap(plain(text), columns)
    if len(lines) > most:
        lines[most - 1 :] = [lines[most - 1][: columns - len(ELLIPSIS)].rstrip() + ELLIPSIS]
    return lines
