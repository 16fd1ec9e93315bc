"""How an answer is sent: as JSON, with caches told what they may keep."""

from __future__ import annotations

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any
from wsgiref.types import WSGIEnvironment
from zoneinfo import ZoneInfo

from flask import Response, request
from werkzeug.datastructures import Headers

A_SECOND = "public, max-age=1"
Answer = dict[str, Any]
in_json = json.JSONEncoder(sort_keys=True).encode


class Whole(Response):
    """An answer with a body of known length and addresses that need no completing: its headers go out as they are."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        return super().get_wsgi_headers(environ) if self.status_code == HTTPStatus.NOT_MODIFIED else self.headers


def answer(body: Answer, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Whole(in_json(body), status=status, headers=headers, content_type="application/json")


def shared(body: Answer) -> Response:
    """An answer that is the same for everybody: caches may keep it for a second, and need not load it twice."""
    response = answer(body, headers={"Cache-Control": A_SECOND})
    response.add_etag()
    response.make_conditional(request)
    return response


def local(instant: datetime, zone: str) -> str:
    """``2026-11-24T09:00:00+07:00``."""
    return instant.astimezone(ZoneInfo(zone)).isoformat()
