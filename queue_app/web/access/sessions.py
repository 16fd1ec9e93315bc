"""The signed cookie of people's browsers; programs have none."""

from __future__ import annotations

from functools import cached_property

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from queue_app.web.site.negotiation import asked_by_program


class Sessions(SecureCookieSessionInterface):
    """Flask's, without making a new signer for each request."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    @cached_property
    def _signer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None for a program: a view that wrote into its session would fail."""
        return None if asked_by_program(request.path) else super().open_session(app, request)
