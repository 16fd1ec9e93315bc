"""One worker process: granian takes the connections, an event loop reads the bodies, threads run the application.

granian's own master is not used: it gives up after two deaths within seconds, and its workers listen on sockets of
their own, so that connections which wait for a worker die with it. See docs/decisions/0009-server.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import threading
from typing import Any

import uvloop
from flask import Flask
from granian import _granian
from granian._futures import _future_watcher_wrapper, _new_cbscheduler
from granian.http import HTTP1Settings

from queue_app.adapters.machine import keep_one_arena
from queue_app.adapters.tally import TALLIES, Tallies
from queue_app.db import warm_pool
from queue_app.web.before_flask import AT_ONCE
from queue_app.web.lane import LANE

from .bodies import Bodies
from .gateway import LONGEST_HEAD, Gateway
from .refused_attempts import keep_writing
from .workers import SIGNALS

THREADS = 64  # of those who work or wait for a permit to
CONNECTIONS = 8192  # per worker; idle ones count
HEAD_WITHIN = 20_000  # milliseconds from the first byte, or from the last answer, to the end of the headers
LOOK_EVERY = 0.5  # seconds; as old may be what other workers know of this one
GRACE = 5.0  # seconds for requests that are under way when the worker has to end

log = logging.getLogger(__name__)
granian: Any = _granian  # what it tells about its types is behind what it does


def serve(app: Flask, listener: socket.socket, place: int, *, master: int) -> None:
    """Answer requests until SIGTERM, or until the process ``master`` is gone. ``place``: where it writes its tally."""
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    for name in (signal.SIGINT, signal.SIGHUP):  # they go to the whole group; the master passes the order on
        signal.signal(name, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    logging.getLogger("_granian").setLevel(logging.WARNING)
    _allow_many_connections()
    keep_one_arena()  # 64 threads by turns would each leave some behind: 40 MB after the first minute of pages
    ended, stopping = threading.Event(), granian.WorkerSignal()
    stopping.add_cb(ended.set)
    tallies: Tallies = app.extensions[TALLIES]
    tallies.take(place)
    warm_pool(app)
    loop = uvloop.new_event_loop()
    bodies = Bodies(app.extensions["settings"].trusted_proxies)
    known = {name: app.extensions[name] for name in (AT_ONCE, LANE)}
    gateway = Gateway(app.wsgi_app, bodies, **known, threads=THREADS)
    _start(loop, gateway, listener, stopping)
    threading.Thread(target=loop.run_forever, name="loop", daemon=True).start()
    writing = threading.Thread(target=keep_writing, args=(app, ending), name="refused", daemon=True)
    writing.start()
    while not ending.wait(LOOK_EVERY):
        tallies.publish()
        if os.getppid() != master:
            break
    loop.call_soon_threadsafe(bodies.give_up)
    stopping.set()
    ended.wait(GRACE)
    ending.set()  # also when it was the master that ended
    writing.join(GRACE)
    tallies.publish()


def _start(loop: asyncio.AbstractEventLoop, gateway: Gateway, listener: socket.socket, stopping: Any) -> None:
    worker = granian.RSGIWorker(
        worker_id=1,
        sock=(None, granian.SocketHolder(listener.fileno(), False, 1024)),
        ipc=None,
        threads=1,
        blocking_threads=8,
        py_threads=1,
        py_threads_idle_timeout=30,
        backpressure=CONNECTIONS,
        http_mode="1",
        http1_opts=HTTP1Settings(header_read_timeout=HEAD_WITHIN, max_buffer_size=LONGEST_HEAD),
        http2_opts=None,
        websockets_enabled=False,
        static_files=None,
        **NO_TLS,
        metrics=(None, None),
    )
    worker.serve_mtr(_new_cbscheduler(loop, _future_watcher_wrapper(gateway), impl_asyncio=True), loop, stopping)


NO_TLS: dict[str, Any] = {
    "ssl_enabled": False,
    "ssl_cert": None,
    "ssl_key": None,
    "ssl_key_password": None,
    "ssl_protocol_min": "tls1.3",
    "ssl_ca": None,
    "ssl_crl": [],
    "ssl_client_verify": False,
}


def _allow_many_connections() -> None:
    """Each connection is an open file, and many systems start with 1,024 of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 256
    if soft != resource.RLIM_INFINITY and soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
