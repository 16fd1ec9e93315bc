"""The OpenAPI document, and the page that shows it to people: made of the same, and nothing loaded from elsewhere."""

from __future__ import annotations

from functools import cache

from flask import Response, json, render_template, request, url_for

from queue_app.web.access.rules import public
from queue_app.web.api.blueprint import bp
from queue_app.web.refusals.programs import KINDS
from queue_app.web.request import settings

from .openapi import SCOPES, document
from .page import page_of

AN_HOUR = "public, max-age=3600"


@bp.get("/openapi.json")
@public
def openapi() -> Response:
    response = Response(_document(), content_type="application/json", headers={"Cache-Control": AN_HOUR})
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/docs")
@public
def documentation() -> str:
    site = settings().public_url
    return render_template(
        "api/docs.html",
        chapters=page_of(document(), site),
        problems=KINDS,
        scopes=SCOPES,
        document_url=url_for(".openapi"),
        site=site,
    )


@cache
def _document() -> bytes:
    return json.dumps(document(), separators=(",", ":")).encode()
