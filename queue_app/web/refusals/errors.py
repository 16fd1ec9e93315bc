"""Turns what went wrong into an answer: a page that says what to do now, or problem+json for programs."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, Response, g, json, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from queue_app.db import db
from queue_app.domain.errors import DomainError
from queue_app.domain.keyring import KeysChanged, KeysDoNotFit
from queue_app.web.access.form_tokens import StaleForm
from queue_app.web.forms.typed_before import of_this_request
from queue_app.web.site.language import lazy_gettext as _l
from queue_app.web.site.moved import moved

from . import lost
from .again import HEADER, asks_again
from .incidents import incident
from .pages import PAGES
from .people import message_for
from .programs import api_problem, is_api, refusal_problem
from .status import status_of

# Of any other status, the group it belongs to.
CODES = {
    403: "forbidden",
    404: "not_found",
    405: "wrong_method",
    413: "too_large",
    429: "too_many",
    503: "unavailable",
}
OF_REFUSALS = _l("Permintaan ini tidak dapat dipenuhi")
TITLES = {"ticket_lost": lost.TITLE}
RETRY_AFTER = 5  # seconds until the database is worth another try
log = logging.getLogger(__name__)


def handle_errors(app: Flask) -> None:
    app.register_error_handler(DomainError, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(KeysChanged, _keys_changed)
    app.register_error_handler(KeysDoNotFit, _keys_changed)  # on this machine; its file has to be brought up to date
    app.register_error_handler(HTTPException, _http)


def wants_json() -> bool:
    """Whether a program asks: by the address, by what it sends or by what it accepts."""
    if is_api():
        return True
    accepts = request.accept_mimetypes
    return request.is_json or (accepts["application/json"] > accepts["text/html"])


def problem(code: str, title: str, status: int, detail: str = "") -> Response:
    """An answer of RFC 9457; ``code`` is stable, title and detail are for people."""
    body: dict[str, Any] = {"type": f"urn:queue-app:problem:{code}", "code": code, "title": title, "status": status}
    if detail:
        body["detail"] = detail
    body |= incident(status)
    return Response(json.dumps(body), status=status, content_type="application/problem+json")


def _refusal(error: DomainError) -> AnyResponse:
    if is_api():
        return refusal_problem(error)
    if error.code == "not_found":
        return moved() or _answer("not_found", 404)
    message = message_for(error)
    if wants_json():
        return problem(error.code, message, status_of(error))
    title = str(TITLES.get(error.code, OF_REFUSALS))
    return _page(title, message, status_of(error))


def _stale_form(error: CSRFError) -> Response:
    """With all that was typed, to be sent again; a page of another site, which could have typed it, gets none of that.

    The browser says whose page sent it where the token no longer can (Fetch Metadata; no script can set that header).
    """
    if not isinstance(error, StaleForm):
        log.warning("a form for %s without a token of this session was refused", request.endpoint)
    ours = isinstance(error, StaleForm) or request.headers.get("Sec-Fetch-Site") == "same-origin"
    if ours and not wants_json() and request.blueprint != "kiosk":  # whose next visitor must not find it
        return Response(of_this_request().page(), status=400)
    return _answer("stale_form", 400, again=request.path)


def _database_away(error: Exception) -> Response:
    db.session.rollback()
    g.database_away = True
    log.error("the database does not answer: %s", type(error).__name__)  # its text could hold personal data
    return unavailable()


def _keys_changed(_error: Exception) -> Response:
    db.session.rollback()
    return unavailable()


def unavailable() -> Response:
    response = _answer("unavailable", 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # a redirect, or an answer that a view made whole
    response = _answer(CODES.get(error.code, "server_error" if error.code >= 500 else "bad_request"), error.code)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value  # Allow, Retry-After
    return response


def _answer(code: str, status: int, *, again: str | None = None) -> Response:
    if is_api():
        return api_problem(code, status=status)
    title, message = map(str, PAGES[code])
    if wants_json():
        return problem(code, title, status, message)
    return _page(title, message, status, again=again)


def _page(title: str, message: str, status: int, again: str | None = None) -> Response:
    # Nobody stands beside a kiosk who could find the way back from a page for others.
    template = "kiosk/error.html" if request.blueprint == "kiosk" and request.view_args else "errors/error.html"
    told = {"title": title, "message": message, "status": status, "again": again}
    page = render_template(template, **told, **incident(status))
    again_after = asks_again(request.method, request.path, status)
    return Response(page, status=status, headers={HEADER: again_after} if again_after else None)
