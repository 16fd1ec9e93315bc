"""The headers that every answer carries, and what a page may change about them."""

from __future__ import annotations

from flask import Flask, Request, Response, request

from queue_app.config import Settings

# Nothing inline, nothing from elsewhere, no framing, no form that posts to another site.
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "media-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "worker-src": "'self'",
}
TOKEN_PATH = "/t/"
# By https alone, where browsers heed it. Not for subdomains: an office's host may have some that are not ours to close.
ONLY_BY_HTTPS = ("Strict-Transport-Security", "max-age=31536000")


def content_security_policy(**changes: str) -> str:
    """The policy with some directives changed: ``content_security_policy(script_src="'self' 'wasm-unsafe-eval'")``.

    A view that needs another one sets the header on its own response.
    """
    return "; ".join(f"{name} {changes.get(name.replace('-', '_'), value)}" for name, value in POLICY.items())


STANDARD_POLICY = content_security_policy()
# The decoder of the desk's camera is WebAssembly, which the usual policy forbids; the scan page alone may compile it.
CAMERA_POLICY = content_security_policy(script_src="'self' 'wasm-unsafe-eval'")


def send_headers(app: Flask, settings: Settings) -> None:
    always = (ONLY_BY_HTTPS,) if settings.secure_cookies else ()

    @app.after_request
    def complete(response: Response) -> Response:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        # The address of a ticket page opens the ticket: it must not travel on to the map or to WhatsApp.
        secret = asked.path.startswith(TOKEN_PATH)
        camera = "camera=(self)" if asked.blueprint == "desk" else "camera=()"
        present = {name.lower() for name, _ in response.headers}
        response.headers.extend(
            (name, value)
            for name, value in (
                ("Content-Security-Policy", STANDARD_POLICY),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer" if secret else "same-origin"),
                ("Cross-Origin-Opener-Policy", "same-origin"),
                ("Permissions-Policy", f"{camera}, geolocation=(), microphone=()"),
                ("Cache-Control", "no-store"),
                *always,
            )
            if name.lower() not in present
        )
        return response
