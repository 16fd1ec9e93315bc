"""Readers who ask for the same few pages, with the same few wishes, in every spelling that a browser or a bore may use.

What they wish for is known here before it is spelled, so that an answer can be judged without reading headers again.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

import brotli
from hypothesis import strategies as st
from werkzeug.test import TestResponse

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
ENGLISH = ("lang=en", 'lang="en"', r'lang="e\156"', "lang = en", "lang=en; lang=id")
INDONESIAN = (
    "lang=id",
    'lang="id"',
    "lang=fr",
    "LANG=en",
    "lang=EN",
    "xlang=en",
    'x="; lang=en"',
    "lang",
    "lang=id; lang=en",
)
CODINGS = ("br", "gzip", "deflate", "identity", "*")
WEIGHTS = {"": 1.0, ";q=1": 1.0, "; Q=0.5": 0.5, " ;q=0.001": 0.001, ";q=0": 0.0, ";q = 0.000": 0.0}
TO_PROGRAMS = {"": "id", "en": "en", "EN-gb,id;q=0.3": "en", "id;q=0, *": "en", "en;q=0": "id", "*": "id", "fr": "id"}
# None of them may change anything, or else it must be answered apart.
OTHERS = (
    {"Host": "elsewhere.example"},
    {"X-Forwarded-Host": "elsewhere.example", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/elsewhere"},
    {"Range": "bytes=0-10"},
    {"If-Match": '"x"'},
    {"If-Modified-Since": "Mon, 23 Nov 2036 09:00:00 GMT"},
    {"Connection": "Upgrade", "Upgrade": "websocket"},
    {"Accept": "application/json"},
    {"X-Requested-With": "XMLHttpRequest"},
    {"Authorization": "Bearer qak_nobodys"},
)


@dataclass(frozen=True)
class Reader:
    """``codings``: what they take, with its weight; None for one who says nothing. ``known``: of which answer before
    this one they have the ETag, counted backwards; 0 for none.
    """

    method: str
    path: str
    codings: dict[str, float] | None
    is_program: bool
    english: bool
    headers: dict[str, str] = field(hash=False)
    known: int

    def takes(self, coding: str) -> bool:
        """RFC 9110, 12.5.3. Uncompressed is always taken: for those who refuse even that there is nothing else."""
        if coding == "":
            return True
        codings = self.codings or {}
        return codings.get(coding, codings.get("*", 0.0)) > 0


def spelled_anyhow(word: str) -> st.SearchStrategy[str]:
    return st.sampled_from([word, word.upper(), word.title(), f" {word}", f"\t{word}"])


@st.composite
def readers(draw: st.DrawFn, paths: tuple[str, ...], cookies: tuple[str, ...], method: str = "") -> Reader:
    """``cookies``: of somebody who is logged in, of somebody whom a message waits for, and the like."""
    path, headers = draw(st.sampled_from(paths)), {}
    # Most have few wishes: what goes wrong needs two readers who differ in one thing only.
    wishes = draw(st.sets(st.sampled_from(["codings", "language", "address", "others"]), max_size=2))
    weights = st.dictionaries(st.sampled_from(CODINGS), st.sampled_from(list(WEIGHTS)), max_size=3)
    codings = draw(weights) if "codings" in wishes else None
    if codings is not None:
        said = [draw(spelled_anyhow(coding)) + weight for coding, weight in codings.items()]
        headers["Accept-Encoding"] = draw(st.sampled_from([",", ", ", " , , "])).join(said)
    spelling = draw(st.sampled_from([*ENGLISH, *INDONESIAN])) if "language" in wishes else ""
    kept = [*draw(st.lists(st.sampled_from(cookies), max_size=2)), *([spelling] if spelling else [])]
    if kept:
        headers["Cookie"] = "; ".join(draw(st.permutations(kept)))
    english = spelling in ENGLISH
    if "address" in wishes and method != "POST":  # a form asks by its button
        asked = draw(st.sampled_from(["lang=en", "lang=id", "%6Cang=%65n", "lang=fr", "lang=en&lang=id"]))
        path = f"{path}{'&' if '?' in path else '?'}{asked}"
        english = english if asked == "lang=fr" else asked != "lang=id"
    wanted = draw(st.sampled_from(list(TO_PROGRAMS))) if "language" in wishes else ""
    if wanted:
        headers["Accept-Language"] = wanted
    is_program = path.startswith("/api/") and not path.startswith("/api/v1/docs")
    if is_program:
        english = TO_PROGRAMS[wanted] == "en"
    if "others" in wishes:
        headers.update(draw(st.sampled_from(OTHERS)))
    return Reader(
        method=method or draw(st.sampled_from(["GET", "GET", "GET", "HEAD"])),
        path=path,
        codings=None if codings is None else {coding: WEIGHTS[weight] for coding, weight in codings.items()},
        is_program=is_program,
        english=english,
        headers=headers,
        known=draw(st.sampled_from([0, 0, 1, 2])),
    )


def readable(answer: TestResponse) -> bytes:
    return UNPACK[answer.headers.get("Content-Encoding", "")](answer.data)


def vary(answer: TestResponse) -> set[str]:
    return {one.strip() for one in answer.headers.get("Vary", "").split(",")}
