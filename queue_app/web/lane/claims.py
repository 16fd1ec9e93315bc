"""Claims of programs that are plainly valid: by a key that is known, for one person whose details are in order."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from http import HTTPStatus

from flask import Flask

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
from queue_app.web.api.document.reading import InvalidRequest, NotJson
from queue_app.web.before_flask.claim_sent import by_program, slot_claimed
from queue_app.web.before_flask.known_refusals import known_refusals
from queue_app.web.before_flask.wsgi_answer import Environ
from queue_app.web.request import keyring, now

from .answering import Answers
from .reading import body_of
from .results import Result


class Claims:
    endpoint = "api.book"
    one_asks_for_all = True  # of a slot: they have it in their address

    def __init__(self, app: Flask, answers: Answers) -> None:
        self._app, self._answers = app, answers

    def read(self, environ: Environ) -> Asked | None:
        slot_id = slot_claimed(environ)
        if slot_id is None or not by_program(environ):
            return None
        partner = known_partner(self._app, environ, Scope.BOOKINGS_WRITE)
        if partner is None:
            return None
        try:
            body = body_of(environ, "BookingRequest")
            request = read_request(body, slot_id, environ.get("HTTP_IDEMPOTENCY_KEY"), partner)
        except (NotJson, InvalidRequest):
            return None
        return Asked(request, partner.actor) if len(request.applicants) == 1 else None

    def names(self, asked: Asked) -> Iterator[Hashable]:
        """Neither a person nor a request twice in one transaction."""
        for applicant in asked.request.applicants:
            yield applicant.nik
        if asked.request.request_key:
            yield asked.request.request_key

    def store(self, many: Sequence[Asked]) -> list[Result]:
        with claiming() as connection:
            booked = book_many(connection, many, keyring=keyring(), now=now())
        return [self._result(one) for one in booked]

    def _result(self, booked: Booked | DomainError | None) -> Result:
        """As `api.book` answers."""
        if not isinstance(booked, Booked):
            return booked
        count(CLAIMS, "api", "won")
        known_refusals().claim_was_won(booked.slot_id)
        body = made(booked)
        return self._answers.json(body, HTTPStatus.CREATED, ("Location", location_of(body)))
