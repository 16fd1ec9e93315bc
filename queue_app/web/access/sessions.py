"""The signed cookie of people's browsers; programs have none."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from queue_app.db import db
from queue_app.web.before_flask.request_permits import FREE_ENTRY
from queue_app.web.site.negotiation import asked_by_program

from .signatures import PatientSigner, seconds_since


class Sessions(SecureCookieSessionInterface):
    """Flask's, without making a new signer for each request, and with patience for a clock that was set back."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return _signer(app, app.secret_key)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None for a program: a view that wrote into its session would fail. The first thing that a request does, so
        that all of it goes by the keys in force."""
        if not request.path.startswith(FREE_ENTRY):  # they have no permit for the database
            app.extensions["keys"].look(db.session)
        if asked_by_program(request.path):
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        signer = self.get_signing_serializer(app)
        if not cookie or signer is None:
            return self.session_class()
        longest = int(app.permanent_session_lifetime.total_seconds())
        try:
            content, made = signer.loads(cookie, max_age=longest, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        session = self.session_class(content)
        session.modified = seconds_since(made) < 0  # then it is signed anew, with the right time
        return session


@lru_cache(maxsize=2)
def _signer(app: Flask, _secret: bytes) -> URLSafeTimedSerializer | None:
    made = SecureCookieSessionInterface().get_signing_serializer(app)
    if made is not None:
        made.signer = PatientSigner
    return made
