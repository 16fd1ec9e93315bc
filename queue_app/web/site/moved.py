"""The way on from an address that an office had before to the one that it has."""

from __future__ import annotations

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from queue_app.db import db
from queue_app.queries.calendar.offices import present_address

LIFE = 3600  # seconds that a browser may remember it: the office can give the address up


def moved() -> Response | None:
    """To the same page and query of the office named in the address; None where that has not moved."""
    arguments = request.view_args or {}
    present = present_address(db.session(), arguments["office"]) if "office" in arguments else None
    if present is None or request.endpoint is None:
        return None
    query = request.query_string.decode("ascii", "ignore")
    address = url_for(request.endpoint, **{**arguments, "office": present}) + (f"?{query}" if query else "")
    if request.method not in {"GET", "HEAD"}:
        return redirect(address, 307)  # with all that was typed
    answer = redirect(address, 301)
    answer.headers["Cache-Control"] = f"max-age={LIFE}"
    return answer
