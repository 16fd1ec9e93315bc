"""The reader's language: chosen by cookie or `?lang=`, and installed into the templates."""

from __future__ import annotations

from collections import UserString
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.datastructures import Accept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header

from queue_app.adapters import language as wording
from queue_app.adapters.language import ENGLISH, INDONESIAN, LANGUAGES
from queue_app.domain.clock import zone_label
from queue_app.domain.identity import has_digits
from queue_app.domain.keyring import Unreadable
from queue_app.domain.tickets import show_code, show_number

COOKIE = "lang"
COOKIE_AGE = 365 * 24 * 3600
OF_THE_DAY_LIST = ("tanggal", "keadaan", "layanan", "jam", "orang")
# What the language link takes along from query and form; anything else might say something about a person.
KEPT_ARGUMENTS = (
    *("day", "month", "office", "service", "page", "next", "hari", "mulai", "kertas", "nomor", "baru", "cari"),
    *OF_THE_DAY_LIST,
)

PROGRAMS = "/api/"
READ_BY_PEOPLE = frozenset({"/api/v1/docs"})


def current_language() -> str:
    return g.get("language", INDONESIAN) if has_request_context() else INDONESIAN


def gettext(msgid: str) -> str:
    """The msgid (Indonesian) in the reader's language. Imported as `_`."""
    return wording.translations(current_language()).gettext(msgid)


def ngettext(singular: str, plural: str, number: int) -> str:
    return wording.translations(current_language()).ngettext(singular, plural, number)


class lazy_gettext(UserString):
    """For labels and messages of form classes, which exist before there is a reader. Imported as `_l`."""

    def __init__(self, msgid: str) -> None:
        self.msgid = msgid

    @property
    def data(self) -> str:  # type: ignore[override]
        return gettext(self.msgid)


def in_language(thing: Any, name: str) -> str:
    """The attribute `name_id` or `name_en` of what is stored in both languages."""
    return str(getattr(thing, f"{name}_{current_language()}"))


def legible(value: Any) -> Any:
    """``value``; where the keys do not open what is stored, that, in the reader's language."""
    return gettext("tidak terbaca") if isinstance(value, Unreadable) else value


def other_language() -> str:
    return INDONESIAN if current_language() == ENGLISH else ENGLISH


def other_language_url() -> str:
    """This page in the other language; the start page where it can only be posted to."""
    adapter = current_app.create_url_adapter(request)
    path, kept = request.path, {name: request.values[name] for name in KEPT_ARGUMENTS if name in request.values}
    try:
        if adapter is not None:
            adapter.match(path, "GET")
    except HTTPException:
        path, kept = "/", {}
    return f"{request.script_root}{path}?{urlencode({**kept, 'lang': other_language()})}"


def install_language(app: Flask) -> None:
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        day=lambda day: wording.format_day(day, current_language()),
        short_day=lambda day: wording.format_short_day(day, current_language()),
        clock_time=lambda at, zone=None: wording.format_time(at, zone, current_language()),
        day_and_time=lambda instant, zone: wording.format_day_and_time(instant, zone, current_language()),
        window=lambda start, end, zone: wording.format_window(start, end, zone, current_language()),
        instant=lambda instant, zone: wording.format_instant(instant, zone, current_language()),
        code=show_code,
        queue_number=show_number,
        in_language=in_language,
        zone_label=zone_label,
    )
    environment.finalize = legible  # of whatever a template shows: no page has to think of it
    environment.tests["unreadable"] = lambda value: isinstance(value, Unreadable)
    environment.tests["with_digits"] = has_digits  # of a name: the desk compares it with the card
    environment.globals.update(
        current_language=current_language,
        other_language=other_language,
        other_language_url=other_language_url,
    )
    app.before_request(_choose)
    app.after_request(_remember)


def asked_by_program(path: str) -> bool:
    """Programs name the language of those they serve in Accept-Language; people have chosen one by a link."""
    return path.startswith(PROGRAMS) and path not in READ_BY_PEOPLE


def accepted_language(header: str) -> str:
    """Of Accept-Language, the language that is had here."""
    if not header or header in LANGUAGES:
        return header or INDONESIAN  # as most programs write it
    wanted = (tag.partition("-")[0].lower() for tag in parse_accept_header(header, Accept).values())  # best first
    return next((language for language in wanted if language in LANGUAGES), INDONESIAN)


def asks_other_language() -> bool:
    """Whether the form was sent by the language link, which takes along what was typed and wants nothing else."""
    return request.method == "POST" and _asked() is not None


def _asked() -> str | None:
    """By the address, or by the button that stands for the link on a page with a form."""
    asked = request.form.get("lang") if request.method == "POST" else request.args.get("lang")
    return asked if asked in LANGUAGES else None


def _choose() -> None:
    if asked_by_program(request.path):
        g.language = accepted_language(request.headers.get("Accept-Language", ""))
        return
    chosen = _asked() or request.cookies.get(COOKIE)
    g.language = chosen if chosen in LANGUAGES else INDONESIAN


def _remember(response: Response) -> Response:
    if asked_by_program(request.path):
        return response
    asked = _asked()
    if asked and request.method != "HEAD" and asked != request.cookies.get(COOKIE):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(COOKIE, asked, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=secure)
    return response
