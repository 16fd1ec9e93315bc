"""What a page says and asks for, read from its HTML without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "template"}
UNLABELLED = {"hidden", "submit", "button", "image"}  # kinds of input that need no label, or bear it themselves
# Words of every Indonesian sentence which no English one has, and no name.
INDONESIAN = re.compile(r"\b(?:yang|dan|untuk|tidak|dengan|dari|pada|sudah|belum|atau|akan|ini|itu)\b", re.I)


@dataclass
class Reading(HTMLParser):
    """``texts``: those in the language of the page, so neither what stands in another one nor what somebody typed."""

    page: str
    headings: int = 0
    texts: list[str] = field(default_factory=list)
    fields: list[dict[str, str | None]] = field(default_factory=list)
    labelled: set[str | None] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []  # each element, and whether its texts count
        self.feed(self.page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.headings += tag == "h1" and self._counts()
        if tag == "label":
            self.labelled.add(known.get("for"))
        if tag in {"input", "select", "textarea"} and known.get("type") not in UNLABELLED:
            self.fields.append(known)
        if tag not in VOID:
            foreign = tag != "html" and "lang" in known
            self._open.append((tag, self._counts() and not foreign and tag not in {*UNSEEN, "textarea"}))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if (text := " ".join(data.split())) and self._open and self._counts():
            self.texts.append(text)

    def _counts(self) -> bool:
        return not self._open or self._open[-1][1]

    def nameless(self) -> list[str]:
        """Fields that no label and no words of their own name."""
        own = ("aria-label", "aria-labelledby")
        return [
            str(one.get("name"))
            for one in self.fields
            if one.get("id") not in self.labelled and not any(one.get(name) for name in own)
        ]
