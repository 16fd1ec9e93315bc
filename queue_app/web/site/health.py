"""For those who watch the machine: does the process live, and can it serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from queue_app.db import db
from queue_app.migrating import is_up_to_date
from queue_app.queries.records.clock_trust import is_doubted
from queue_app.web.access.rules import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers; the database is not asked, or its outage would get every process restarted."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """200 when the database answers and has every migration, else 503 with what is missing.

    ``clock``: whether the jobs wait because they doubt it; the pages go on all the same.
    """
    try:
        with db.engine.connect() as connection:
            complete = is_up_to_date(connection)
            doubted = complete and is_doubted(connection)
    except SQLAlchemyError:
        return jsonify(status="unavailable", missing="database"), 503
    if not complete:
        return jsonify(status="unavailable", missing="migrations"), 503
    return jsonify(status="ok", clock="doubted" if doubted else "ok"), 200
