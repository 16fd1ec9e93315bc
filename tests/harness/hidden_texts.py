"""The texts of a page that only a screen reader says: they are read aloud with the link that they stand in."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

HIDDEN = re.compile(r"<(span|h\d|label|legend|caption)\b[^>]*govuk-visually-hidden[^>]*>(.*?)</\1>", re.S)
TAGS = re.compile(r"<[^>]+>")
# Small they are read as words ("nik"), or as nothing.
ABBREVIATIONS = re.compile(r"\b(?:nik|hp|kk|ktp|ktp-el|qr|pdf|csv|xlsx|kia|ikd|id|usb|whatsapp)\b")
IN_A_LINK = re.compile(r"<(a|button)\b[^>]*>(.*?)</\1>", re.S)


def unseen(answer: TestResponse) -> list[str]:
    """The hidden texts, those within a link or button together with its words."""
    alone = HIDDEN.findall(IN_A_LINK.sub("", _page(answer)))
    return [*_acts(answer), *(_words(text) for _tag, text in alone)]


def careless(answer: TestResponse) -> list[str]:
    """Those with an abbreviation in small letters, and acts of which only a bare number is said."""
    bare = [text for text in _acts(answer) if re.fullmatch(r"[^\W\d]+ \d+", text)]
    return bare + [text for text in unseen(answer) if ABBREVIATIONS.search(text)]


def _acts(answer: TestResponse) -> list[str]:
    links = IN_A_LINK.findall(_page(answer))
    return [_words(whole) for _tag, whole in links if "govuk-visually-hidden" in whole]


def _page(answer: TestResponse) -> str:
    return answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""


def _words(html: str) -> str:
    return " ".join(unescape(TAGS.sub(" ", html)).split())
