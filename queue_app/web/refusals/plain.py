"""Refusals that need no Flask: a small page in both languages for people, or problem+json for programs."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus

from markupsafe import escape

from queue_app.adapters.language import LANGUAGES, translations

from .pages import PAGES
from .programs import KINDS


@cache
def plain_page(code: str) -> bytes:
    """Both languages, because the reader may not have said which; no style, because that would be another request."""
    parts, title = [], ""
    for language in LANGUAGES:
        heading, message = (translations(language).gettext(text.msgid) for text in PAGES[code])
        parts.append(f'<div lang="{language}"><h1>{escape(heading)}</h1><p>{escape(message)}</p></div>')
        title = title or heading
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head><body>{''.join(parts)}</body></html>"
    ).encode()


@cache
def plain_problem(code: str, status: HTTPStatus, language: str) -> bytes:
    kind, gettext = KINDS[code], translations(language).gettext
    title, detail = gettext(kind.title.msgid), gettext(getattr(kind.detail, "msgid", ""))
    told = {"type": f"urn:queue-app:problem:{code}", "title": title, "status": status.value, "detail": detail}
    return json.dumps(told | {"code": code}).encode()
