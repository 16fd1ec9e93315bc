"""The blueprint of version 1. A header proves who asks, never a cookie, so no form token is needed."""

from __future__ import annotations

from flask import Blueprint, Response

from queue_app.web.api.document.reading import InvalidRequest, NotJson
from queue_app.web.refusals.programs import api_problem

PREFIX = "/api/v1"
bp = Blueprint("api", __name__, url_prefix=PREFIX)


@bp.errorhandler(InvalidRequest)
def invalid(error: InvalidRequest) -> Response:
    return api_problem("invalid_request", errors=error.errors)


@bp.errorhandler(NotJson)
def not_json(error: NotJson) -> Response:
    return api_problem(error.code)
