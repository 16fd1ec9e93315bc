"""Lets in the program that watches the installation: by a token that the operator gave both of them."""

from __future__ import annotations

import hmac
import logging

from flask import Response, abort, request

from queue_app.web.request import settings

log = logging.getLogger(__name__)


class MonitorRule:
    """The access rule of what only the operator's monitoring opens."""


MONITOR = MonitorRule()


def admit_monitor() -> Response | None:
    """None to go on. Without a token in the settings there is no such page."""
    token = settings().metrics_token
    if token is None:
        abort(404)
    kind, _, sent = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(), token.encode()):
        return None
    log.warning("a wrong token for the metrics was refused")
    return Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
