"""The reader's language, as `negotiation.py` or a form has chosen it, installed into the templates."""

from __future__ import annotations

from collections import UserString
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.exceptions import HTTPException

from queue_app.adapters import language as wording
from queue_app.adapters.language import ENGLISH, INDONESIAN, LANGUAGES
from queue_app.domain.clock import zone_label
from queue_app.domain.identity import has_digits
from queue_app.domain.keyring import Unreadable
from queue_app.domain.tickets import show_code, show_number

from .negotiation import COOKIE, asked_by_program, choice_of

COOKIE_AGE = 365 * 24 * 3600
OF_THE_DAY_LIST = ("tanggal", "keadaan", "layanan", "jam", "orang")
# What the language link takes along from query and form; anything else might say something about a person.
KEPT_ARGUMENTS = (
    *("day", "month", "office", "service", "page", "next", "hari", "mulai", "kertas", "nomor", "baru", "cari"),
    *OF_THE_DAY_LIST,
    *("tindakan", "pelaku", "kantor", "dari", "sampai", "sebelum"),
)


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
        month=lambda day: wording.format_month(day, current_language()),
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


def asks_other_language() -> bool:
    """Whether the form was sent by the language link, which takes along what was typed and wants nothing else."""
    return request.method == "POST" and bool(_asked())


def _asked() -> str:
    """By the address, or by the button that stands for the link on a page with a form; "" for neither."""
    if request.method != "POST":
        return choice_of(request.environ).asked
    asked = request.form.get("lang", "")
    return asked if asked in LANGUAGES else ""


def _choose() -> None:
    asked = "" if asked_by_program(request.path) else _asked()
    g.language = asked or choice_of(request.environ).language


def _remember(response: Response) -> Response:
    if asked_by_program(request.path):
        return _vary_by_language(response)
    asked = _asked()
    if asked and request.method != "HEAD" and asked != choice_of(request.environ).remembered:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(COOKIE, asked, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=secure)
    return response


def _vary_by_language(response: Response) -> Response:
    """Sentences for programs come in the language that was asked for, whichever answer it is."""
    if "Vary" in response.headers:
        response.vary.add("Accept-Language")
    else:
        response.headers.add("Vary", "Accept-Language")
    return response
