"""How a cookie that opens or identifies something is given, read and taken back.

Where the site is reached by https its name begins with a prefix that browsers keep to (RFC 6265bis): a neighbour under
the same domain, or somebody on the line who answers for http, can then plant none of that name.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from flask import current_app, request
from werkzeug.wrappers import Response

SameSite = Literal["Lax", "Strict"]
WHOLE_SITE = "/"


def cookie_name(name: str, path: str = WHOLE_SITE) -> str:
    """As it stands in the header. ``__Host-`` is for cookies of the whole site alone."""
    if not current_app.config["SESSION_COOKIE_SECURE"]:
        return name
    return f"__Host-{name}" if path == WHOLE_SITE else f"__Secure-{name}"


def cookie(name: str, path: str = WHOLE_SITE) -> str | None:
    return request.cookies.get(cookie_name(name, path))


def give_cookie(
    response: Response,
    name: str,
    value: str,
    *,
    path: str = WHOLE_SITE,
    max_age: int | timedelta | None = None,
    same_site: SameSite = "Lax",
) -> None:
    """Out of reach of scripts. Without ``max_age`` (seconds) it goes with the browser."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    named = cookie_name(name, path)
    response.set_cookie(named, value, max_age, path=path, httponly=True, samesite=same_site, secure=secure)


def take_cookie(response: Response, name: str, *, path: str = WHOLE_SITE, same_site: SameSite = "Lax") -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(cookie_name(name, path), path=path, httponly=True, samesite=same_site, secure=secure)
