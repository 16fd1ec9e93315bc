"""People in every role who send what they like, and how each answer is judged."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from queue_app.db import unit_of_work
from queue_app.domain.roles import Role
from queue_app.models import Staff
from queue_app.services.access.staff import start_session
from queue_app.web.access.rules import STAFF_COOKIE
from tests.web.hostile import MARKUP, PRODUCT

ROLES = (None, Role.DESK, Role.COUNTER, Role.ADMINISTRATOR, Role.AUDITOR)
WITH_BODY = {"POST", "PUT", "PATCH", "DELETE"}


@dataclass(eq=False)
class Attacker:
    """Somebody in a role, with the cookies a browser would hold by now."""

    app: Flask
    role: Role | None
    staff_id: int | None
    client: FlaskClient
    failures: list[str]
    headers: dict[str, str] = field(default_factory=dict)  # with each request: a program's key
    turn: int = 0
    logged_in: bool = False
    troubles: list[str] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)

    def send(self, method: str, address: str, body: bytes = b"", kind: str = "", **headers: str) -> TestResponse:
        if not self.logged_in:
            self._log_in_again()
        self.turn += 1
        split = urlsplit(address)
        environ = {"REMOTE_ADDR": f"10.{self.turn >> 16 & 255}.{self.turn >> 8 & 255}.{self.turn & 255}"}
        self.troubles.clear()
        answer = self.client.open(
            split.path or "/",
            query_string=split.query,
            method=method,
            data=body if method in WITH_BODY else None,
            headers={**self.headers, **({"Content-Type": kind} if kind else {}), **headers},
            environ_overrides=environ,
        )
        gone = STAFF_COOKIE in str(answer.headers.getlist("Set-Cookie")) or "/masuk" in (answer.location or "")
        self.logged_in = self.staff_id is None or not gone
        self.answered[answer.status_code] += 1
        wrong = list(faults_of(answer, method, split.path))
        if wrong:
            sent = f"{method} {address[:150]} {kind[:40]} {body[:300]!r} {headers}"
            self.failures.append(f"{self.role}: {answer.status_code} {wrong} {self.troubles} for {sent}")
        return answer

    def _log_in_again(self) -> None:
        """Some inputs log out or lock the account: the next one shall come as far as this one."""
        if self.staff_id is None:
            return
        self.logged_in = True
        with self.app.app_context(), unit_of_work() as session:
            session.execute(update(Staff).values(active=True))
            token = start_session(session, self.staff_id, now=self.app.extensions["clock"].now())
        self.client.set_cookie(STAFF_COOKIE, token)


def faults_of(answer: TestResponse, method: str, path: str) -> Iterator[str]:
    """What no answer may be, whatever was asked: a failure of ours, markup of others, or a refusal without words."""
    text = _text(answer)
    if answer.status_code >= 500:
        yield "a failure"
    # A table that is taken away holds what people typed; no browser shows it as a page.
    markup = () if answer.mimetype == "text/csv" else (*MARKUP[:2], *MARKUP[4:])
    yield from (mark for mark in (*markup, PRODUCT, "Traceback (most") if mark in text)
    if "hm7q9zk2" in str(answer.headers.getlist("Set-Cookie")):
        yield "a cookie of somebody else's"
    if answer.status_code < 400 or method == "HEAD":
        return
    if answer.status_code == 412:  # the page all the same: who sends If-Match knows what that means (RFC 9110, 13.1.1)
        return
    if answer.mimetype == "application/problem+json":
        said = json.loads(text)
        if said["status"] != answer.status_code or not said["code"] or not said["title"]:
            yield "a problem that says nothing"
    elif path.startswith("/api/"):
        yield f"{answer.mimetype} for a program"
    elif answer.mimetype != "text/html" or not _heading(text):
        yield f"{answer.mimetype} without words: {text[:100]}"


def _text(answer: TestResponse) -> str:
    packed = answer.get_data()
    body = gzip.decompress(packed) if answer.headers.get("Content-Encoding") == "gzip" and packed else packed
    return body.decode("utf-8", "replace")


def _heading(text: str) -> str:
    found = re.search(r"<h1.*?</h1>", text, re.S)
    return re.sub(r"<[^>]*>|\s", "", found[0]) if found else ""


def report(failures: list[str]) -> str:
    return f"{len(failures)} failures\n" + "\n".join(failures[:25])
