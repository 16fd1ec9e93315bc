"""Answers of the lane: the same as Flask gives, down to the headers (held by `tests/web/lane`)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from queue_app.config import Settings
from queue_app.web.api.document.answering import in_json
from queue_app.web.before_flask.wsgi_answer import Answer
from queue_app.web.site.headers import headers_of


class Answers:
    def __init__(self, settings: Settings) -> None:
        self._usual = (
            ("Content-Type", "application/json"),
            ("Vary", "Accept-Language"),
            *headers_of(settings),
        )

    def json(self, body: dict[str, Any], status: HTTPStatus, *headers: tuple[str, str]) -> Answer:
        sent = in_json(body).encode()
        length = ("Content-Length", str(len(sent)))
        return Answer(f"{status.value} {status.phrase.upper()}", (length, *headers, *self._usual), sent)
