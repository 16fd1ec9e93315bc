"""A whole answer of the application, kept so that it can be given again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from queue_app.web.site.language import accepted_language, asked_by_program

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_LANGUAGE = re.compile(r"(?:^|;\s*)lang=(\w\w)(?:;|$)")


@dataclass(frozen=True)
class Answer:
    """``status`` as "200 OK"; ``body`` as it goes over the wire, compressed or not."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Its value, or "" when it is not there. ``name`` in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def give(self, start_response: StartResponse) -> list[bytes]:
        start_response(self.status, list(self.headers))
        return [self.body]


def ask(application: Application, environ: Environ) -> Answer:
    """Let the application answer, and take all of it."""
    said: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], _problem: Any = None) -> Callable[[bytes], Any]:
        said[:] = [(status, tuple(headers))]
        return lambda _data: None

    body = whole(application(environ, start_response))
    return Answer(*said[0], body)


def whole(chunks: Iterable[bytes]) -> bytes:
    """The body as one piece, its maker told that it has been taken."""
    try:
        return b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()


def language_of(environ: Environ) -> str:
    """The language the reader chose, as `web/site/language.py` reads it; "" for none."""
    if asked_by_program(environ.get("PATH_INFO", "")):
        return accepted_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    found = _LANGUAGE.search(environ.get("HTTP_COOKIE", ""))
    return found[1] if found else ""


def encoding_of(environ: Environ) -> str | None:
    """The compression that Flask-Compress would choose; None for a request that weighs them."""
    accepted: str = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "q=" in accepted or "*" in accepted:
        return None
    return "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
