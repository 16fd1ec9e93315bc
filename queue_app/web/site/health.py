"""For those who watch the machine: does the process live, and can it serve."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from queue_app.adapters.doctors_question import PATH, QUESTION, answer_to
from queue_app.adapters.room import RoomWatch, WritingTrouble
from queue_app.db import db
from queue_app.domain.keyring import KeysDoNotFit
from queue_app.migrating import Standing, standing
from queue_app.queries.records.clock_trust import is_doubted
from queue_app.queries.records.key_checks import misfits
from queue_app.queries.records.restorations import latest_gap
from queue_app.web.access.rules import public
from queue_app.web.request import keyring

bp = Blueprint("health", __name__)
ROOM = "room_watch"
OF_TABLES = {Standing.OLDER: "migrations", Standing.NEWER: "newer-program"}


@bp.get("/healthz")
@public
def alive() -> Response:
    """The process answers; the database is not asked, or its outage would get every process restarted."""
    return jsonify(status="ok")


@bp.get(PATH)
@public
def reached() -> Response:
    """For `queue-app doctor`: how its request was seen here, whoever it came through. Without its question nothing.

    ``forwarded``: how many addresses the proxies in front have written down.
    """
    proof = answer_to(keyring().cookie_key, request.headers.get(QUESTION, ""))
    if proof is None:
        abort(404)
    forwarded = [one for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    seen = {"scheme": request.scheme, "host": request.host, "address": request.remote_addr}
    return jsonify(proof=proof, forwarded=len(forwarded), **seen)


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """200 when people can book here, else 503 with what is missing for it (`docs/operators.md`).

    ``clock``: whether the jobs wait because they doubt it; the pages go on all the same. ``restored``: from when to
    when there is no data, until an administrator has acknowledged that.
    """
    told: dict[str, Any] = {"status": "ok", "clock": "ok"}
    try:
        with db.engine.connect() as connection:
            missing = _missing(connection)
            if missing is None:
                told |= _worth_knowing(connection)
    except SQLAlchemyError:
        missing = "database"
    if missing:
        told = {"status": "unavailable", "missing": missing}
        return jsonify(told | ({"why": current_app.extensions["keys"].trouble} if missing == "keys" else {})), 503
    return jsonify(told), 200


def _worth_knowing(connection: Connection) -> dict[str, Any]:
    told: dict[str, Any] = {"clock": "doubted"} if is_doubted(connection) else {}
    gap = latest_gap(Session(connection))
    if gap and not gap.acknowledged:
        told["restored"] = {"from": gap.begins.isoformat(), "to": gap.ends.isoformat()}
    return told


def _missing(connection: Connection) -> str | None:
    """Asked each time, because a running process may find another database in the place of its own."""
    found = standing(connection)
    if found is not Standing.CURRENT:
        return OF_TABLES[found]
    keys = current_app.extensions["keys"]
    with Session(connection) as session:
        try:
            with keys.alone():
                connection.rollback()  # keys may have been changed since it saw the tables
                keys.follow(session)
        except KeysDoNotFit:
            return "keys"
        if misfits(session, keyring()):
            return "keys"
        return _writing_trouble(session)


def _writing_trouble(session: Session) -> WritingTrouble | None:
    if session.get_bind().dialect.name == "postgresql":  # it looks after its own disk
        read_only = session.scalar(text("SHOW transaction_read_only")) == "on"  # so is a standby
        return WritingTrouble.READ_ONLY if read_only else None
    file = Path(str(db.engine.url.database))
    return cast(RoomWatch, current_app.extensions.setdefault(ROOM, RoomWatch(file))).trouble()
