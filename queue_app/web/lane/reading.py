"""Reading what a program has sent, outside of Flask."""

from __future__ import annotations

from werkzeug.http import parse_options_header

from queue_app.web.api.document.reading import Body, content_of
from queue_app.web.before_flask.wsgi_answer import Environ


def body_of(environ: Environ, part: str) -> Body:
    """By the published schema ``part``. Raises NotJson."""
    media_type = parse_options_header(environ.get("CONTENT_TYPE"))[0].lower()
    return Body(part, content_of(media_type, environ["wsgi.input"].getvalue()))
