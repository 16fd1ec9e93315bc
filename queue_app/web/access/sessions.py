"""The signed cookie of people's browsers; programs have none."""

from __future__ import annotations

from functools import cached_property

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from queue_app.web.site.negotiation import asked_by_program

from .signatures import PatientSigner, seconds_since


class Sessions(SecureCookieSessionInterface):
    """Flask's, without making a new signer for each request, and with patience for a clock that was set back."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(self._app)
        if made is not None:
            made.signer = PatientSigner
        return made

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None for a program: a view that wrote into its session would fail."""
        if asked_by_program(request.path):
            return None
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie or self._signer is None:
            return self.session_class()
        longest = int(app.permanent_session_lifetime.total_seconds())
        try:
            content, made = self._signer.loads(cookie, max_age=longest, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        session = self.session_class(content)
        session.modified = seconds_since(made) < 0  # then it is signed anew, with the right time
        return session
