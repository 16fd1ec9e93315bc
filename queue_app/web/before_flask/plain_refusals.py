"""Answer with a refusal where Flask is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from queue_app.adapters.measures import REFUSALS
from queue_app.adapters.tally import count
from queue_app.web.refusals.again import HEADER, asks_again
from queue_app.web.refusals.plain import plain_page, plain_problem
from queue_app.web.refusals.programs import API, MEDIA_TYPE
from queue_app.web.site.headers import ONLY_BY_HTTPS, STANDARD_POLICY
from queue_app.web.site.negotiation import choice_of

from .watch import HEADER as REQUEST_ID
from .watch import request_id
from .wsgi_answer import Answer, Environ, StartResponse

HEADERS = (
    ("Content-Security-Policy", STANDARD_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)


RETRY_AFTER = 10  # seconds, with every 503 that names no other time


@dataclass(frozen=True)
class Refusal:
    """``code``: the words, which pages and programs both know. ``reason``: as it is counted."""

    code: str
    status: HTTPStatus
    reason: str


def refuse(
    environ: Environ, start_response: StartResponse, why: Refusal, *, retry_after: int = RETRY_AFTER
) -> list[bytes]:
    """As `refusal`, given to WSGI."""
    return refusal(environ, why, retry_after=retry_after).give(start_response)


def refusal(environ: Environ, why: Refusal, *, retry_after: int = RETRY_AFTER) -> Answer:
    """``retry_after`` is in seconds."""
    code, status = why.code, why.status
    count(REFUSALS, why.reason)
    later = [("Retry-After", str(retry_after))] if status == HTTPStatus.SERVICE_UNAVAILABLE else []
    if environ.get("PATH_INFO", "").startswith(API):
        body, kind = plain_problem(code, status, choice_of(environ).language), MEDIA_TYPE
        later.append(("Vary", "Accept-Language"))
    else:
        body, kind = plain_page(code), "text/html; charset=utf-8"
    if environ.get("wsgi.url_scheme") == "https":
        later.append(ONLY_BY_HTTPS)
    if again := asks_again(environ["REQUEST_METHOD"], environ.get("PATH_INFO", ""), status):
        later.append((HEADER, again))
    own = ("Content-Type", kind), ("Content-Length", str(len(body))), (REQUEST_ID, request_id(environ))
    sent = b"" if environ["REQUEST_METHOD"] == "HEAD" else body
    return Answer(f"{status.value} {status.phrase}", (*own, *HEADERS, *later), sent)
