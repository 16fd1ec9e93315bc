"""The copy of what is kept about somebody: a file for reading or for programs, written out piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Response, stream_template, stream_with_context

from queue_app.queries.privacy.stored import Stored

from . import stored_words

COPIES = {"json": "application/json", "html": "text/html; charset=utf-8"}


def copy_of(stored: Stored, kind: str, *, at: datetime) -> Response:
    """``kind``: of COPIES. Nobody on the way may keep it, and its name says nothing about anybody."""
    written: Iterator[str] = stored_words.as_json(stored, at=at)
    if kind == "html":
        written = stream_template("data_copy.html", stored=stored, words=stored_words, made_at=at)
    headers = {"Content-Disposition": f'attachment; filename="data-saya.{kind}"', "Cache-Control": "private, no-store"}
    return Response(stream_with_context(written), content_type=COPIES[kind], headers=headers)
