"""One worker process: granian takes the connections, its threads run the application.

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

from flask import Flask
from granian import _granian
from granian._futures import _new_cbscheduler
from granian.http import HTTP1Settings

from queue_app.db import warm_pool
from queue_app.web.before_flask import READING
from queue_app.web.before_flask.body import SLOW_READERS

from .gateway import Gateway
from .workers import SIGNALS

THREADS = SLOW_READERS + 24  # enough for those who come while every reading place is held
IDLE_THREAD = 30  # seconds until a thread that is not needed ends
CONNECTIONS = 8192  # per worker; idle ones count
LONGEST_HEAD = 64 * 1024  # bytes of all headers together
HEAD_WITHIN = 20_000  # milliseconds from the first byte, or from the last answer, to the end of the headers
LOOK_EVERY = 0.5  # seconds
GRACE = 5.0  # seconds for requests that are under way when the worker has to end
SHORT_GRACE = 2.0  # seconds, when slow senders are the reason: they are not waited for

log = logging.getLogger(__name__)
granian: Any = _granian  # what it tells about its types is behind what it does


def serve(app: Flask, listener: socket.socket, *, master: int) -> None:
    """Answer requests until SIGTERM, until the process ``master`` is gone, or until slow senders hold everything."""
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    for name in (signal.SIGINT, signal.SIGHUP):  # they go to the whole group; the master passes the order on
        signal.signal(name, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    logging.getLogger("_granian").setLevel(logging.WARNING)
    _allow_many_connections()
    ended, stopping = threading.Event(), granian.WorkerSignal()
    stopping.add_cb(ended.set)
    warm_pool(app)
    _start(app, listener, stopping)
    reading, grace = app.extensions[READING], GRACE
    while not ending.wait(LOOK_EVERY):
        if os.getppid() != master:
            break
        if reading.is_clogged():
            log.warning("slow senders hold every reading place: the worker makes room for another one")
            grace = SHORT_GRACE
            break
    stopping.set()
    ended.wait(grace)


def _start(app: Flask, listener: socket.socket, stopping: Any) -> None:
    worker = granian.WSGIWorker(
        worker_id=1,
        sock=(None, granian.SocketHolder(listener.fileno(), False, 1024)),
        ipc=None,
        threads=1,
        blocking_threads=8,
        py_threads=THREADS,
        py_threads_idle_timeout=IDLE_THREAD,
        backpressure=CONNECTIONS,
        http_mode="1",
        http1_opts=HTTP1Settings(header_read_timeout=HEAD_WITHIN, max_buffer_size=LONGEST_HEAD),
        http2_opts=None,
        static_files=None,
        **NO_TLS,
        metrics=(None, None),
    )
    loop = asyncio.new_event_loop()  # asked for by the interface; WSGI never runs it
    worker.serve_mtr(_new_cbscheduler(loop, Gateway(app.wsgi_app), impl_asyncio=True), loop, stopping)


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
