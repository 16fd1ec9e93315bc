"""`queue-app serve`: a master that listens, worker processes that answer, and the scheduler beside them."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading

import click
from flask import Flask

from queue_app.config import Settings
from queue_app.db import db
from queue_app.services.access.staff import administrator_exists

from . import worker
from .clockwork import Clockwork
from .workers import Workers

BACKLOG = 1024  # connections that wait while all workers are busy; the opening minute brings them in hundreds
SECOND = 1000  # milliseconds
# A phone that leaves the network says no goodbye. Ask after half a minute of silence, three times, then give up.
KEEP_ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60 * SECOND}


def run(app: Flask) -> None:
    """Serve until a signal comes; then end everything that was started."""
    settings: Settings = app.extensions["settings"]
    listener = listen(settings.host, settings.port)
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, lambda *_: stopping.set())
    announce(app, settings)
    _make_ready_to_fork(app)
    master = os.getpid()
    workers = Workers(settings.workers, lambda place: worker.serve(app, listener, place, master=master))
    clockwork = Clockwork()
    try:
        workers.complete()
        # The scheduler after them: it loads as much again, and somebody is waiting for the first page.
        workers.keep_up(until=stopping, also=clockwork.keep_up if settings.run_scheduler else None)
    finally:
        listener.close()
        workers.stop()
        clockwork.stop()


def listen(host: str, port: int) -> socket.socket:
    """The one socket that all workers take connections from: what waits in it survives the death of a worker."""
    try:
        family, _kind, _protocol, _name, address = min(
            socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE),
            key=lambda found: found[0] != socket.AF_INET,
        )
        both = family == socket.AF_INET6 and host == "::" and socket.has_dualstack_ipv6()
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except OSError as problem:
        reason = str(problem.strerror).partition(" (")[0]
        raise click.ClickException(f"Cannot listen on {host}:{port}: {reason}. Another port: PORT=8001") from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    listener.setblocking(False)
    return listener


def announce(app: Flask, settings: Settings) -> None:
    """Print where to go; flushed at once, because somebody is waiting for the first administrator's link."""
    lines = [
        "",
        f"  Citizens          {settings.public_url}/",
        f"  Staff             {settings.public_url}/petugas",
    ]
    with app.app_context():
        if not administrator_exists(db.session()):
            token = app.extensions["keyring"].first_administrator_token()
            lines.append(f"  Administrator     {settings.public_url}/petugas/admin-pertama/{token}")
            lines.append("                    (works once: make the first administrator's account there)")
        db.session.remove()
    lines += ["", "  Ctrl-C ends it.", ""]
    click.echo("\n".join(lines))
    sys.stdout.flush()


def _make_ready_to_fork(app: Flask) -> None:
    """Nothing open that must not be shared, and what is loaded stays where it is: workers share its memory."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    gc.freeze()
