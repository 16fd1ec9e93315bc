"""The headers that every answer carries, and what a page may change about them."""

from __future__ import annotations

from itertools import product

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
TOKEN_PATHS = ("/t/", "/petugas/undangan/", "/petugas/kata-sandi-baru/")
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


def headers_of(settings: Settings, *, secret: bool = False, camera: bool = False) -> tuple[tuple[str, str], ...]:
    """Of an answer that says nothing else. ``secret``: its address opens something, and must not travel on to the map
    or to WhatsApp. ``camera``: its page may ask for it.
    """
    return (
        ("Content-Security-Policy", STANDARD_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer" if secret else "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", f"camera={'(self)' if camera else '()'}, geolocation=(), microphone=()"),
        ("Cache-Control", "no-store"),
        *((ONLY_BY_HTTPS,) if settings.secure_cookies else ()),
    )


def send_headers(app: Flask, settings: Settings) -> None:
    known = {
        kind: headers_of(settings, secret=kind[0], camera=kind[1]) for kind in product((False, True), (False, True))
    }

    @app.after_request
    def complete(response: Response) -> Response:
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        usual = known[asked.path.startswith(TOKEN_PATHS), asked.blueprint == "desk"]
        present = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in usual if name.lower() not in present)
        return response
