"""A whole answer of the application, kept so that it can be given again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


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
