"""The built wheel, installed into an empty environment, serves from any directory."""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.ports import free_port
from tests.harness.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]

NOT_SOURCE = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "instance", "build", "dist", "test-results")
START = 60  # seconds; the first start compiles every module


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: leftovers of earlier builds in the tree must neither help nor spoil."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "tree", ignore=NOT_SOURCE)
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(folder / "tree"), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `queue-app` command of an environment that holds the wheel and what it asks for."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment)
    python = environment / "bin" / "python"
    # With the pip that is there already: a second one would take longer to install than everything else.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    _run(*pip, "install", "--quiet", "--no-compile", str(wheel), cwd=environment)
    return environment / "bin" / "queue-app"


def test_the_wheel_holds_every_template_static_file_migration_and_translation(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"{target}/{path.relative_to(ROOT / source).as_posix()}"
        for source, target in {
            "templates": "queue_app/templates",
            "static": "queue_app/static",
            "queue_app": "queue_app",
        }.items()
        for path in (ROOT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not wanted - inside
    assert not [entry for entry in inside if "__pycache__" in entry or entry.startswith(("tests/", "scripts/"))]


@pytest.fixture(scope="module")
def address(command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server started by the installed command in a directory that has nothing to do with the project."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    port = free_port()
    environment = {
        "PATH": os.defpath,
        "HOME": str(elsewhere),
        "QUEUE_APP_INSTANCE": str(elsewhere / "data"),
        "PORT": str(port),
    }
    _run(str(command), "init", cwd=elsewhere, env=environment)
    server = subprocess.Popen([command, "serve"], cwd=elsewhere, env=environment, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/readyz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        assert server.wait(timeout=20) is not None


def test_the_installed_command_is_ready_and_serves_the_first_page_and_every_file_it_names(address: str) -> None:
    assert _fetch(f"{address}/healthz")
    assert _fetch(f"{address}/readyz")
    page = _fetch(f"{address}/").decode()
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)"', page))
    assert any(file.endswith(".css") for file in files)
    for file in files:
        assert _fetch(address + file)


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        assert response.status == 200
        return response.read()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)


def _run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> None:
    result = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
