"""From any Unicode text to the characters that the fonts built into every PDF reader can show."""

import re
import unicodedata
from collections.abc import Iterator

# Signs and letters that Unicode does not decompose into something Windows-1252 has, written out as people type them.
_WRITTEN_OUT = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N", "ə": "e", "Ə": "E"}
    | {"ŧ": "t", "Ŧ": "T", "ĸ": "k", "ɓ": "b", "ɗ": "d", "ɛ": "e", "ɔ": "o", "ɨ": "i", "ʉ": "u", "ẞ": "SS", "№": "No."}
    | {"‐": "-", "‑": "-", "‒": "–", "―": "—", "−": "–", "′": "'", "″": '"', "‛": "'", "‟": '"', "⁄": "/", "∕": "/"}
    | dict.fromkeys("ʹʻʼʽʾʿˈˊˋ՚ꞌ＇", "'")
    | {"≥": ">=", "≤": "<=", "⩾": ">=", "⩽": "<=", "≠": "=/=", "≈": "±", "∞": "tak terbatas", "√": "akar "}
    | dict.fromkeys("→⇒➔➙➜➝➞➡⟶⟹", "->")
    | dict.fromkeys("←⇐⬅⟵⟸", "<-")
    | {"↔": "<->", "⇔": "<->", "↑": "^", "↓": "v", "⬆": "^", "⬇": "v", "↵": "Enter"}
    | dict.fromkeys("✓✔☑✅🗸", "v")
    | dict.fromkeys("✗✘✕✖☒❌❎⨯", "x")
    | dict.fromkeys("●◦‣∙⁃○■▪□◼◾▫◆◇❖▶►▸➢➤★☆⁎∗・", "•")
    | {
        "☐": "[ ]",
        "⬜": "[ ]",
        "☎": "Tel.",
        "📞": "Tel.",
        "✉": "e-mail",
        "📧": "e-mail",
        "⚠": "!",
        "❗": "!",
        "‼": "!!",
    }
)
# "2½" is no twenty-one halves, and "m²" no "10²".
_GAPS = re.compile(r"(?<=\d)(?=[⅐-⅟↉])")
_POWERS = re.compile(r"(?<=\d)(?=[⁰⁴-⁹])")

# Controls, direction marks, lone surrogates and free-standing accents: nothing to show, so no "?" for them
# either.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn", "Me"})


def printable(text: str) -> str:
    """Return `text` on one line in Windows-1252 characters, runs of white space as one space.

    Letters outside it lose their accents, signs are written out; each run of characters that cannot be shown becomes
    one "?". A font for every script would weigh more than the whole program, and the civil registry writes names in
    Latin letters.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    for _char, shown in _shown(text):
        if shown is None:
            shown = "?" if not kept or kept[-1] != "?" else ""
        kept += [shown] if shown else []
    return " ".join("".join(kept).split())


def unprintable(text: str) -> tuple[str, ...]:
    """What would become a "?" on paper, each once: to be told to whoever writes the text."""
    return tuple(dict.fromkeys(char for char, shown in _shown(text) if shown is None))


def _shown(text: str) -> Iterator[tuple[str, str | None]]:
    """Each character with what is printed for it; None where nothing can be."""
    spaced = _POWERS.sub("^", _GAPS.sub(" ", unicodedata.normalize("NFC", text)))
    for char in spaced.translate(_WRITTEN_OUT):
        if char.isspace():
            yield char, " "
        elif unicodedata.category(char) in _INVISIBLE:
            yield char, ""
        else:
            yield char, _plain(char) or None


def _plain(char: str) -> str:
    """Return `char` as it is when the fonts have it, else what is left of its decomposition, else nothing."""
    if _has(char):
        return char
    decomposed = unicodedata.normalize("NFKD", char).translate(_WRITTEN_OUT)
    return "".join(part for part in decomposed if _has(part))


def _has(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
