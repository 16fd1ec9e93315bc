"""Debian's PgBouncer in front of the PostgreSQL of the run: many clients, few connections to the server."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

MISSING = "PgBouncer is not installed (apt-get install pgbouncer)"
CONFIGURATION = """
[databases]
* = host={server} user=postgres
[pgbouncer]
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 200
server_round_robin = 1
"""
PATIENCE = 20  # seconds


def find_pgbouncer() -> str | None:
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(program: str, database_url: str, *, pool_size: int) -> Iterator[str]:
    """Gives the address of the same database behind the pooler, in transaction mode.

    Round robin, so that nobody gets the same connection twice by luck.
    """
    direct = make_url(database_url)
    # A short path of its own, as for the server: a socket's path may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="queue-app-pgbouncer-", dir="/tmp"))
    account: dict[str, object] = {}
    if os.geteuid() == 0:  # it refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    file = folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(server=direct.query["host"], folder=folder, pool_size=pool_size))
    file.chmod(0o644)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, str(file)], stdout=log, stderr=log, **account)  # type: ignore[call-overload]
    try:
        _wait_until_ready(process, folder, str(direct.database))
        query = {"host": str(folder), "port": "6432"}
        behind = URL.create("postgresql+psycopg", username="postgres", database=direct.database, query=query)
        yield behind.render_as_string(hide_password=False)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path, database: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, (folder / "log").read_text(errors="replace")
        try:
            psycopg.connect(host=str(folder), port=6432, user="postgres", dbname=database).close()
        except psycopg.OperationalError:
            assert time.monotonic() < deadline, (folder / "log").read_text(errors="replace")
            time.sleep(0.05)
        else:
            return
