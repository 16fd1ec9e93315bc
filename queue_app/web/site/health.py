"""For those who watch the machine: does the process live, and can it serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.db import db
from queue_app.migrating import is_up_to_date
from queue_app.queries.records.restorations import latest_gap
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

    It says from when to when there is no data until an administrator has acknowledged that.
    """
    try:
        with db.engine.connect() as connection:
            complete = is_up_to_date(connection)
            gap = latest_gap(Session(connection)) if complete else None
    except SQLAlchemyError:
        return jsonify(status="unavailable", missing="database"), 503
    if not complete:
        return jsonify(status="unavailable", missing="migrations"), 503
    if gap and not gap.acknowledged:
        return jsonify(status="ok", restored={"from": gap.begins.isoformat(), "to": gap.ends.isoformat()}), 200
    return jsonify(status="ok"), 200
