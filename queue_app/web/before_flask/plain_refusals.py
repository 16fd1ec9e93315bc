"""Answer with a refusal where Flask is not asked."""

from __future__ import annotations

from http import HTTPStatus

from queue_app.web.refusals.again import HEADER, asks_again
from queue_app.web.refusals.plain import plain_page, plain_problem
from queue_app.web.refusals.programs import API, MEDIA_TYPE
from queue_app.web.site.headers import STANDARD_POLICY
from queue_app.web.site.negotiation import choice_of

from .wsgi_answer import Answer, Environ, StartResponse

HEADERS = (
    ("Content-Security-Policy", STANDARD_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


RETRY_AFTER = 10  # seconds, with every 503 that names no other time


def refuse(
    environ: Environ, start_response: StartResponse, code: str, status: HTTPStatus, *, retry_after: int = RETRY_AFTER
) -> list[bytes]:
    """As `refusal`, given to WSGI."""
    return refusal(environ, code, status, retry_after=retry_after).give(start_response)


def refusal(environ: Environ, code: str, status: HTTPStatus, *, retry_after: int = RETRY_AFTER) -> Answer:
    """In the words of ``code``, which pages and programs both know; ``retry_after`` is in seconds."""
    later = [("Retry-After", str(retry_after))] if status == HTTPStatus.SERVICE_UNAVAILABLE else []
    if environ.get("PATH_INFO", "").startswith(API):
        body, kind = plain_problem(code, status, choice_of(environ).language), MEDIA_TYPE
        later.append(("Vary", "Accept-Language"))
    else:
        body, kind = plain_page(code), "text/html; charset=utf-8"
    if again := asks_again(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), status):
        later.append((HEADER, again))
    headers = (("Content-Type", kind), ("Content-Length", str(len(body))), *HEADERS, *later)
    sent = b"" if environ["REQUEST_METHOD"] == "HEAD" else body
    return Answer(f"{status.value} {status.phrase}", headers, sent)
