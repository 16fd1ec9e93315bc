"""The scripts on a machine that lacks something: they say what, and how to get it."""

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


def _python(folder: Path, behaviour: str) -> Path:
    python = folder / "python3"
    python.write_text(f"#!/bin/sh\n{behaviour}\n")
    python.chmod(0o755)
    return python


def _find_python(python: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"PYTHON={python}; . scripts/environment; find_python"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
