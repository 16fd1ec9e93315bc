"""Check-ins by programs that are plainly valid: the token of a ticket, at an office of ours, by a key that is known."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from http import HTTPStatus

from flask import Flask

from queue_app.db import claiming
from queue_app.domain.api_keys import Scope
from queue_app.services.arrivals.check_in import Scanned, check_in_many
from queue_app.services.arrivals.first_look import offices_of
from queue_app.web.access.api_keys import known_partner
from queue_app.web.api.arrivals import told
from queue_app.web.api.arrivals.sent import SentScan, read_scan
from queue_app.web.api.blueprint import PREFIX
from queue_app.web.api.document.reading import InvalidRequest, NotJson
from queue_app.web.before_flask.wsgi_answer import Environ
from queue_app.web.request import keyring, now

from .answering import Answers
from .reading import body_of
from .results import Result

PATH = f"{PREFIX}/check-ins"


class CheckIns:
    endpoint = "api.check_in"
    one_asks_for_all = False

    def __init__(self, app: Flask, answers: Answers) -> None:
        self._app, self._answers = app, answers

    def read(self, environ: Environ) -> SentScan | None:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            return None
        partner = known_partner(self._app, environ, Scope.CHECK_INS_WRITE)
        if partner is None:
            return None
        try:
            return read_scan(body_of(environ, "CheckInRequest"), partner)
        except (NotJson, InvalidRequest):
            return None

    def names(self, sent: SentScan) -> Iterator[Hashable]:
        """Not a scan twice in one transaction."""
        yield sent.nonce

    def store(self, many: Sequence[SentScan]) -> list[Result]:
        with claiming() as connection:
            offices = offices_of(connection, (sent.office for sent in many))
            known = {n: sent.at(offices[sent.office]) for n, sent in enumerate(many) if sent.office in offices}
            scanned = check_in_many(connection, list(known.values()), keyring=keyring(), now=now())
        of = dict(zip(known, scanned, strict=True))
        return [self._result(of.get(number)) for number in range(len(many))]

    def _result(self, scanned: Scanned | None) -> Result:
        """As `api.check_in` answers."""
        if scanned is None:
            return None
        ticket = scanned.ticket
        person = told.person(scanned.result, (ticket.letter, ticket.queue_number))
        return self._answers.json(told.party([person]), HTTPStatus.OK)
