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
    if answer.mimetype != "text/html" or not answer.is_sequence:
        return []
    page = answer.get_data(as_text=True)
    links = [whole for _tag, whole in IN_A_LINK.findall(page) if "govuk-visually-hidden" in whole]
    alone = [text for _tag, text in HIDDEN.findall(page)]
    return [" ".join(unescape(TAGS.sub(" ", text)).split()) for text in [*links, *alone]]


def careless(texts: list[str]) -> list[str]:
    """Those with an abbreviation in small letters, or an act of which only a bare number is said."""
    return [text for text in texts if ABBREVIATIONS.search(text) or re.fullmatch(r"[^\W\d]+ \d+", text)]
