"""The scripts on a machine that lacks something: they say what, and how to get it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.source import ROOT

OLD = "exit 1"  # the question whether the version is new enough is answered with no
WITHOUT_VENV = f'case "$*" in *ensurepip*) exit 1 ;; esac; exec {sys.executable} "$@"'


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [(OLD, "Python 3.11 or newer was not found"), (WITHOUT_VENV, "apt-get install python3-venv")],
)
def test_a_python_that_does_not_do_is_explained(tmp_path: Path, behaviour: str, message: str) -> None:
    result = _find_python(_python(tmp_path, behaviour))
    assert result.returncode != 0
    assert message in result.stderr
    assert not result.stdout


def test_a_python_that_does_is_found(tmp_path: Path) -> None:
    python = _python(tmp_path, f'exec {sys.executable} "$@"')
    assert _find_python(python).stdout.strip() == str(python)


def test_the_environment_of_another_checkout_behind_a_link_is_left_alone(tmp_path: Path) -> None:
    """venv of Python 3.11 empties what the link leads to, and fails after that."""
    scripts, others = tmp_path / "scripts", tmp_path / "others"
    for folder in (scripts, others):
        folder.mkdir()
    for name in ("scripts/environment", "setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (others / "installed").touch()
    (own := tmp_path / ".venv").symlink_to(others)
    python = _python(tmp_path, f'[ "$2" != venv ] || set -- "$@" --without-pip; exec {sys.executable} "$@"')
    result = _source(tmp_path, python, "prepare_environment")
    assert "The installation failed" in result.stderr  # there is no pip to install with
    assert [path.name for path in others.iterdir()] == ["installed"]
    assert (own / "pyvenv.cfg").exists()
    assert not own.is_symlink()


def _python(folder: Path, behaviour: str) -> Path:
    python = folder / "python3"
    python.write_text(f"#!/bin/sh\n{behaviour}\n")
    python.chmod(0o755)
    return python


def _find_python(python: Path) -> subprocess.CompletedProcess[str]:
    return _source(ROOT, python, "find_python")


def _source(root: Path, python: Path, function: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"PYTHON={python}; . scripts/environment; {function}"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
