"""The bare peers: one Flask route, or one WSGI callable, served exactly as the product is.

`python -m scripts.benchmarks.bare flask|wsgi` reads PORT, QUEUE_APP_WORKERS and QUEUE_APP_INSTANCE like the product.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from flask import Flask

from queue_app.adapters.tally import TALLIES, Tallies
from queue_app.config import settings_from
from queue_app.server import listen, worker
from queue_app.server.workers import Workers
from queue_app.web.before_flask import AT_ONCE
from queue_app.web.lane import LANE

OK = b"ok"


def flask_route() -> Flask:
    """Every path, both methods, two bytes."""
    app = Flask("bare", static_folder=None)

    @app.route("/", methods=["GET", "POST"], defaults={"path": ""})
    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> bytes:
        return OK

    return app


def wsgi_callable(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(OK)))])
    return [OK]


class NoLane:
    @staticmethod
    async def answer(_environ: dict[str, Any], usual: Callable[[], Awaitable[Any]]) -> Any:
        return await usual()


def main(kind: str) -> None:
    """Serve until a signal comes, with the product's own listener, processes and threads."""
    settings = settings_from()
    app = flask_route()
    app.extensions.update({AT_ONCE: lambda _environ: None, LANE: NoLane})
    app.extensions.update({TALLIES: Tallies(settings.workers), "settings": settings})
    worker.warm_pool = lambda _app: None  # there is no database
    if kind == "wsgi":
        app.wsgi_app = wsgi_callable  # type: ignore[method-assign]
    listener = listen(settings.host, settings.port)
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopping.set())
    gc.collect()
    gc.freeze()
    master = os.getpid()
    workers = Workers(settings.workers, lambda place: worker.serve(app, listener, place, master=master))
    try:
        workers.keep_up(until=stopping)
    finally:
        listener.close()
        workers.stop()


if __name__ == "__main__":
    main(sys.argv[1])
