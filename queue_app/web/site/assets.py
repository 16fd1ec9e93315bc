"""Static files: served from memory, compressed once, and cached by browsers until their address changes.

The address carries a hash of the whole folder in its path, so that modules and stylesheets can name each other by
relative paths and still change address together.
"""

from __future__ import annotations

import hashlib
import mimetypes
import os
import posixpath
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_compress import Compress
from werkzeug.security import safe_join

from queue_app.web.access.rules import public

from .negotiation import choice_of

IMMUTABLE = "public, max-age=31536000, immutable"
# Not every machine's tables know these.
TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


class CompressedStatics:
    """Flask-Compress's cache, for static files only: pages differ from one request to the next."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def set(self, key: str, value: bytes) -> None:
        if not key.endswith(";"):
            self._kept[key] = value


class PageCompression(Compress):
    """Flask-Compress leaves refusals as they are, but a form that comes back with a mistake is a page like others."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        self.compress_mimetypes_set.add(TYPES[".wasm"])  # a megabyte, and a third of it on the way

    def after_request(self, response: Response | None) -> Response:
        # Flask-Compress reads the header for itself, and finds in it what was chosen for the whole request.
        request.environ["HTTP_ACCEPT_ENCODING"] = choice_of(request.environ).encoding
        if response is not None and request.blueprint == "api" and request.method == "POST":
            return response  # small, and for one: in the rush compressing would cost more than it spares
        # A file that is missing must not fill the cache of files.
        if response is None or response.status_code < 400 or request.endpoint == "static":
            return super().after_request(response)
        status, response.status_code = response.status_code, 200
        answer = super().after_request(response)
        answer.status_code = status
        return answer


def compression_key(incoming: Any) -> str:
    """What is compressed the same way each time, by address; "" for everything else."""
    if incoming.endpoint != "static" or incoming.view_args["version"] != current_app.extensions["static_version"]:
        return ""
    return str(incoming.view_args["filename"])


def serve_assets(app: Flask, folder: Path) -> None:
    app.extensions["static_version"] = _version(folder)

    @public
    def static(version: str, filename: str) -> Response:
        path = safe_join(str(folder), filename)
        # One spelling for each file: what is compressed is kept under it, and there are endless others.
        if path is None or posixpath.normpath(filename) != filename or not os.path.isfile(path):
            abort(404)
        content, etag = _read(path, Path(path).stat().st_mtime_ns)
        response = Response(content, content_type=_content_type(Path(path)))
        response.set_etag(etag)
        # A page that was kept since an older version may ask for its files: it gets the present ones, for now.
        current = version == app.extensions["static_version"]
        response.headers["Cache-Control"] = IMMUTABLE if current else "no-cache"
        response.make_conditional(request)
        if response.status_code == HTTPStatus.PRECONDITION_FAILED:  # it would go out with the file
            abort(response.status_code)
        return response

    app.add_url_rule("/static/<version>/<path:filename>", endpoint="static", view_func=static)

    @app.url_defaults
    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", app.extensions["static_version"])

    app.jinja_env.globals["static_url"] = static_url


def static_url(filename: str) -> str:
    """The address of a file below `static/`: ``static_url("css/app.css")``."""
    return f"{request.script_root}/static/{current_app.extensions['static_version']}/{filename}"


@lru_cache(maxsize=256)
def _read(path: str, changed: int) -> tuple[bytes, str]:
    content = Path(path).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:16]


def _content_type(path: Path) -> str:
    found = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found


def _version(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
