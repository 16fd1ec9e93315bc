"""Appointments, QR tickets and check-in for civil-registry offices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from .adapters.kernel_clock import kept_by_time_server
from .adapters.keyring import FileKeyring
from .adapters.keys_in_use import KeysInUse
from .adapters.machine import boot_id
from .config import Settings, settings_from
from .db import connect_database
from .domain.clock import Clock, SystemClock
from .domain.macs import mac
from .web import register_blueprints
from .web.access.form_tokens import FormTokens
from .web.access.rules import current_staff, enforce_access
from .web.access.sessions import Sessions
from .web.before_flask import stand_in_front
from .web.before_flask.body import LARGEST_BODY
from .web.booking.recent_days import RECENT_DAYS, RecentDays
from .web.lane import LANE, Lane, LaneBeside
from .web.refusals.errors import handle_errors
from .web.site.announcements import prepare_announcements
from .web.site.assets import CompressedStatics, PageCompression, compression_key, serve_assets
from .web.site.contact import prepare_contacts
from .web.site.head import prepare_heads
from .web.site.headers import send_headers
from .web.site.language import install_language
from .web.site.menu import menu
from .web.site.metrics import JOB_INTERVALS, prepare_metrics
from .web.site.negotiation import ENCODINGS
from .web.site.restored import restoration_notice
from .web.site.templates import Templates, prepare_pieces


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """The web application. Raises ValueError for a wrong setting, KeyringMissing when there are no keys."""
    settings = settings or settings_from()
    app = QueueApp(__name__, static_folder=None)
    clock = clock or SystemClock(boot_id(), kept_by_time_server)
    app.extensions.update(settings=settings, clock=clock)
    _configure(app, settings)
    app.session_interface = Sessions()
    app.extensions["keys"] = KeysInUse(settings.keys_file, use=app.use_keys)
    connect_database(app, settings.database_url, settings.workers)
    _prepare_templates(app)
    # In this order: whoever refuses a request has to know the reader's language.
    install_language(app)
    enforce_access(app)
    FormTokens(app)
    handle_errors(app)
    serve_assets(app, _folder("static"))
    prepare_heads(app, settings)
    prepare_contacts(app)
    prepare_announcements(app)
    app.extensions[JOB_INTERVALS] = _job_intervals
    prepare_metrics(app, settings)
    register_blueprints(app)
    PageCompression(app)
    send_headers(app, settings)
    app.extensions[RECENT_DAYS] = RecentDays()
    app.extensions[LANE] = Lane(app)
    stand_in_front(app, settings, lambda usual: LaneBeside(usual, app))
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


class QueueApp(Flask):
    jinja_environment = Templates

    def use_keys(self, keyring: FileKeyring) -> None:
        """From now on. What was signed in a cookie under another key is as if it were not there."""
        self.extensions["keyring"] = keyring
        self.secret_key = mac(keyring.cookie_key, b"signed cookies")

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is a coroutine: asking each function, eight times a request, would be for nothing."""
        return func

    def process_response(self, response: Response) -> Response:
        """Caches on the way may keep only what is whole and for everybody. Seen last of all, with the session's cookie:
        a view that says "public" knows of neither the condition that failed nor what is set beside its answer.
        """
        response = super().process_response(response)
        if response.headers.get("Cache-Control", "").startswith("public"):
            own = "Set-Cookie" in response.headers
            if own or response.status_code not in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
                response.headers["Cache-Control"] = "no-store"
        return response

    def log_exception(self, exc_info: Any) -> None:
        """With the view that failed and not the address, which may hold a ticket."""
        self.logger.error("%s failed", request.endpoint, exc_info=exc_info)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME="__Host-queue" if settings.secure_cookies else "queue",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # `FormTokens` looks at the time
        # Ticket pages send no Referer at all, because their address is a secret; the token alone is the proof.
        WTF_CSRF_SSL_STRICT=False,
        COMPRESS_ALGORITHM=list(ENCODINGS),
        COMPRESS_BR_LEVEL=5,  # a tenth smaller than 4, and still well under a millisecond for a page
        COMPRESS_CACHE_BACKEND=CompressedStatics,
        COMPRESS_CACHE_KEY=compression_key,
    )


def _job_intervals() -> dict[str, timedelta]:
    from .jobs.registry import JOBS  # not before somebody asks: to answer citizens no job is needed

    return {job.name: job.every for job in JOBS}


def _prepare_templates(app: Flask) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.autoescape = True  # whatever the file is called
    packages = ("govuk_frontend_jinja", "govuk_frontend_wtf")
    # Own templates first: one of them stands in for a component that knows English only.
    environment.loader = ChoiceLoader(
        [
            FileSystemLoader(_folder("templates")),
            PrefixLoader({name: PackageLoader(name) for name in packages}),
        ]
    )
    environment.add_extension("jinja2.ext.do")
    prepare_pieces(app)
    environment.globals.update(
        csrf_token=generate_csrf,
        menu=menu,
        restoration_notice=restoration_notice,
        current_staff=current_staff,
        has_page=lambda endpoint: endpoint in app.view_functions,
    )


def _folder(name: str) -> Path:
    """Inside the package when it was installed from a wheel, beside it in a checkout."""
    inside = Path(__file__).parent / name
    return inside if inside.exists() else Path(__file__).parent.parent / name
