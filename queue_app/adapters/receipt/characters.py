"""From any text to lines of ASCII: which code page a cheap printer really has, nobody knows."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from queue_app.adapters.pdf.characters import printable

ELLIPSIS = "..."
# What Windows-1252 has beyond ASCII and Unicode does not decompose, as people would type it.
_WRITTEN_OUT = str.maketrans(
    {"–": "-", "—": "-", "•": "-", "·": "-", "…": ELLIPSIS, "¬": "-", "¦": "|", "ˆ": "^", "˜": "~", "¯": "-"}
    | {"‘": "'", "’": "'", "‚": "'", "‹": "'", "›": "'", "´": "'", "¸": ",", "“": '"', "”": '"', "„": '"', "«": '"'}
    | {"»": '"', "¨": '"', "×": "x", "÷": ":", "±": "+/-", "°": " derajat ", "µ": "u", "‰": " per seribu ", "ƒ": "f"}
    | {"€": "EUR", "£": "GBP", "¥": "JPY", "¢": "sen", "¤": "Rp", "©": "(c)", "®": "(R)", "™": "(TM)", "§": "Pasal "}
    | {"¶": "-", "†": "+", "‡": "++", "¿": "", "¡": "", "ª": "a", "º": "o"}
    | {"ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Þ": "Th", "þ": "th"}
    | {"Ð": "D", "ð": "d", "¼": "1/4", "½": "1/2", "¾": "3/4"}
)
_GAPS = re.compile(r"(?<=\d)(?=[¼½¾])")
_POWERS = re.compile(r"(?<=\d)(?=[¹²³])")
_BEFORE_A_STOP = re.compile(r" +(?=[,.;:!?)])")


def plain(text: str) -> str:
    """``text`` on one line in printable ASCII; signs are written out, letters lose their accents, and what cannot be
    shown becomes "?".
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = _POWERS.sub("^", _GAPS.sub(" ", printable(text)))
    written = spaced.translate(_WRITTEN_OUT)
    if "°" in text:
        written = _BEFORE_A_STOP.sub("", written)
    bare = "".join(char for char in unicodedata.normalize("NFKD", written) if not unicodedata.combining(char))
    return " ".join(bare.encode("ascii", "replace").decode().split())


def lines_of(text: str, columns: int, most: int) -> list[str]:
    """``text`` in lines of up to ``columns`` characters; beyond ``most`` lines the last one ends in an ellipsis.

    "KTP-el" stays in one piece: only what is longer than a whole line is broken.
    """
    lines = textwrap.wrap(plain(text), columns, break_on_hyphens=False)
    if len(lines) > most:
        lines[most - 1 :] = [lines[most - 1][: columns - len(ELLIPSIS)].rstrip() + ELLIPSIS]
    return lines
