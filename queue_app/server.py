"""Serve the web application and keep the scheduler beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from types import FrameType

import click
import waitress
from flask import Flask

from .config import Settings
from .db import db
from .services.staff import administrator_exists

THREADS = 8


def run(app: Flask) -> None:
    """Serve until a signal comes; then end everything that was started."""
    settings: Settings = app.extensions["settings"]
    try:
        server = waitress.create_server(app, host=settings.host, port=settings.port, threads=THREADS, ident=None)
    except OSError as problem:
        raise click.ClickException(
            f"Cannot listen on {settings.host}:{settings.port}: {problem.strerror}. Another port: PORT=8001"
        ) from None
    clockwork = start_scheduler() if settings.run_scheduler else None
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    announce(app, settings)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        if clockwork:
            stop(clockwork)


def start_scheduler() -> subprocess.Popen[bytes]:
    # In a group of its own: Ctrl-C reaches this process, which then ends the other one in order.
    command = [sys.executable, "-m", "queue_app", "scheduler", "--parent", str(os.getpid())]
    return subprocess.Popen(command, start_new_session=True)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()


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


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
