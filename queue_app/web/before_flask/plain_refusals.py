"""Refusals that need no Flask: a small page in both languages, or problem+json for programs."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus

from markupsafe import escape

from queue_app.adapters.language import ENGLISH, INDONESIAN, LANGUAGES, translations
from queue_app.web.refusals.errors import WORDING
from queue_app.web.refusals.problems import API, KINDS, MEDIA_TYPE
from queue_app.web.site.headers import STANDARD_POLICY

from .wsgi_answer import Answer, Environ, StartResponse

HEADERS = (
    ("Content-Security-Policy", STANDARD_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


def refuse(
    environ: Environ, start_response: StartResponse, code: str, status: HTTPStatus, *, retry_after: int | None = None
) -> list[bytes]:
    """Answer in the words of ``code``, which pages and programs both know; ``retry_after`` is in seconds."""
    if environ.get("PATH_INFO", "").startswith(API):
        language = ENGLISH if environ.get("HTTP_ACCEPT_LANGUAGE", "").startswith(ENGLISH) else INDONESIAN
        body, kind = _problem(code, status, language), MEDIA_TYPE
    else:
        body, kind = _page(code), "text/html; charset=utf-8"
    later = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
    headers = (("Content-Type", kind), ("Content-Length", str(len(body))), *HEADERS, *later)
    sent = b"" if environ["REQUEST_METHOD"] == "HEAD" else body
    return Answer(f"{status.value} {status.phrase}", headers, sent).give(start_response)


@cache
def _page(code: str) -> bytes:
    """Both languages, because the reader may not have said which; no style, because that would be another request."""
    parts, title = [], ""
    for language in LANGUAGES:
        heading, message = (translations(language).gettext(text.msgid) for text in WORDING[code])
        parts.append(f'<div lang="{language}"><h1>{escape(heading)}</h1><p>{escape(message)}</p></div>')
        title = title or heading
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title></head><body>{''.join(parts)}</body></html>"
    ).encode()


@cache
def _problem(code: str, status: HTTPStatus, language: str) -> bytes:
    kind, gettext = KINDS[code], translations(language).gettext
    title, detail = gettext(kind.title.msgid), gettext(getattr(kind.detail, "msgid", ""))
    told = {"type": f"urn:queue-app:problem:{code}", "title": title, "status": status.value, "detail": detail}
    return json.dumps(told | {"code": code}).encode()
