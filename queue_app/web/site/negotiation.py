"""Language and compression of an answer, chosen once for each request: they differ from one reader to the next.

The layers before Flask keep answers by what was chosen here, and Flask answers by the same choice. Two readings of one
header, each by a good parser, would differ for some spelling of it, and then one reader gets what was made for another.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.sansio.http import parse_cookie  # the one behind `request.cookies`

from queue_app.adapters.language import INDONESIAN, LANGUAGES

COOKIE = "lang"  # and the argument that sets it
PROGRAMS = "/api/"
READ_BY_PEOPLE = frozenset({"/api/v1/docs"})
ENCODINGS = ("br", "gzip")  # the smaller first
UNCOMPRESSED = "identity"
LONGEST = 500  # characters of a header with preferences: longer ones are nobody's, and count as not sent
REMEMBERED = 1024  # different headers of each kind; a country's browsers have some dozens
_CHOICE = "queue_app.choice"


class Choice(NamedTuple):
    """``language`` to answer in and ``encoding`` (a content coding of RFC 9110) to send it in, where it is compressed.

    ``asked``: the language in the address of a page; ``remembered``: that of the cookie; "" for none.
    """

    language: str
    encoding: str
    asked: str
    remembered: str

    @property
    def sets_cookie(self) -> bool:
        """Whether the answer is this reader's own: it makes their browser remember the language."""
        return bool(self.asked) and self.asked != self.remembered


def choice_of(environ: dict[str, Any]) -> Choice:
    """Made by whoever asks first, and kept in the environ for all others.

    A form may ask for a language as well (`web/site/language.py`); what is kept is never the answer to such a one.
    """
    choice: Choice | None = environ.get(_CHOICE)
    if choice is None:
        choice = environ[_CHOICE] = _choose(environ)
    return choice


def asked_by_program(path: str) -> bool:
    """Programs name the language of those they serve in Accept-Language; people have chosen one by a link."""
    path = f"/{path.lstrip('/')}"  # as the router reads it
    return path.startswith(PROGRAMS) and path not in READ_BY_PEOPLE


@lru_cache(REMEMBERED)
def accepted_language(header: str) -> str:
    """Of Accept-Language, the language that is had here. Of two that are wanted equally, the one named first."""
    found = [(tag.partition("-")[0].lower(), quality) for tag, quality in _weighed(header)]
    named = [language for language, _quality in found if language in LANGUAGES]
    return Accept(found).best_match([*named, *LANGUAGES], INDONESIAN)


@lru_cache(REMEMBERED)
def accepted_encoding(header: str) -> str:
    """Of Accept-Encoding, the best that is had here; uncompressed also for those who say that they take nothing."""
    return _weighed(header).best_match((*ENCODINGS, UNCOMPRESSED), UNCOMPRESSED)


def _weighed(header: str) -> Accept:
    """Without spaces, which mean nothing in these headers: one before a weight would make the parser overlook it."""
    return parse_accept_header("".join(header.split()), Accept)


def _choose(environ: dict[str, Any]) -> Choice:
    encoding = accepted_encoding(_preferences(environ, "HTTP_ACCEPT_ENCODING"))
    if asked_by_program(environ.get("PATH_INFO", "")):
        return Choice(accepted_language(_preferences(environ, "HTTP_ACCEPT_LANGUAGE")), encoding, "", "")
    asked = "" if environ["REQUEST_METHOD"] == "POST" else _of_address(environ.get("QUERY_STRING", ""))
    remembered = _of_cookie(environ.get("HTTP_COOKIE", ""))
    return Choice(asked or remembered or INDONESIAN, encoding, asked, remembered)


def _preferences(environ: dict[str, Any], name: str) -> str:
    header: str = environ.get(name, "")
    return header if len(header) <= LONGEST else ""


def _of_address(query: str) -> str:
    if COOKIE not in query and "%" not in query:  # spares most readers the parser
        return ""
    pairs = parse_qsl(query.encode("latin-1").decode(errors="replace"), keep_blank_values=True)
    return _known(next((value for name, value in pairs if name == COOKIE), ""))


def _of_cookie(header: str) -> str:
    if COOKIE not in header:  # a cookie's name has no other spelling
        return ""
    return _known(parse_cookie(header).get(COOKIE, ""))


def _known(language: str) -> str:
    return language if language in LANGUAGES else ""
