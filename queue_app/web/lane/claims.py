"""Claims of programs that are plainly valid: by a key that is known, for one person whose details are in order."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from concurrent.futures import Future
from http import HTTPStatus

from flask import Flask
from werkzeug.http import parse_options_header

from queue_app.adapters.measures import CLAIMS
from queue_app.adapters.tally import count
from queue_app.db import claiming
from queue_app.domain.api_keys import Scope
from queue_app.domain.errors import DomainError
from queue_app.services.booking.book import Booked
from queue_app.services.booking.book_many import Asked, book_many
from queue_app.web.access.api_keys import known_partner
from queue_app.web.api.booking.made import location_of, made
from queue_app.web.api.booking.sent import read_request
from queue_app.web.api.document.reading import Body, InvalidRequest, NotJson, content_of
from queue_app.web.before_flask.claim_sent import by_program, slot_claimed
from queue_app.web.before_flask.known_refusals import known_refusals
from queue_app.web.before_flask.request_permits import BUSY
from queue_app.web.before_flask.wsgi_answer import Environ
from queue_app.web.request import keyring, now

from .answering import Answers
from .group_writer import GroupWriter
from .results import Result, stored_or_busy


class Claims:
    endpoint = "api.book"

    def __init__(self, app: Flask, answers: Answers) -> None:
        self._app, self._answers = app, answers
        self._writer = GroupWriter[Asked, Result]("claims", self._store, _names, busy=BUSY)

    def enter(self, environ: Environ) -> Future[Result] | None:
        """None for what is no plain claim."""
        slot_id = slot_claimed(environ)
        if slot_id is None or not by_program(environ):
            return None
        partner = known_partner(self._app, environ, Scope.BOOKINGS_WRITE)
        if partner is None:
            return None
        try:
            media_type = parse_options_header(environ.get("CONTENT_TYPE"))[0].lower()
            body = Body("BookingRequest", content_of(media_type, environ["wsgi.input"].getvalue()))
            request = read_request(body, slot_id, environ.get("HTTP_IDEMPOTENCY_KEY"), partner)
        except (NotJson, InvalidRequest):
            return None
        return self._writer.put(Asked(request, partner.actor)) if len(request.applicants) == 1 else None

    def _store(self, many: Sequence[Asked]) -> Sequence[Result]:
        with self._app.app_context():
            return stored_or_busy(lambda: [self._result(one) for one in self._book(many)], len(many))

    def _book(self, many: Sequence[Asked]) -> list[Booked | DomainError | None]:
        with claiming() as connection:
            return book_many(connection, many, keyring=keyring(), now=now())

    def _result(self, booked: Booked | DomainError | None) -> Result:
        """As `api.book` answers."""
        if not isinstance(booked, Booked):
            return booked
        count(CLAIMS, "api", "won")
        known_refusals().claim_was_won(booked.slot_id)
        body = made(booked)
        return self._answers.json(body, HTTPStatus.CREATED, ("Location", location_of(body)))


def _names(asked: Asked) -> Iterator[Hashable]:
    """Neither a person nor a request twice in one transaction."""
    for applicant in asked.request.applicants:
        yield applicant.nik
    if asked.request.request_key:
        yield asked.request.request_key
