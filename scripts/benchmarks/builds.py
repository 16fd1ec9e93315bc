"""Builds of the product: the present checkout, and another revision that is checked out beside it for the run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks.databases import ROOT

SETUP = "setup.cfg"


@dataclass(frozen=True)
class Build:
    """A checkout. ``name`` tells what belongs to it apart from what is the present build's, which has none."""

    tree: Path
    name: str = ""

    def named(self, what: str) -> str:
        return f"{what}_{self.name}" if self.name else what

    @property
    def environment(self) -> dict[str, str]:
        """Python finds this checkout's packages, and what it needs, before those that are installed."""
        return {"PYTHONPATH": os.pathsep.join(map(str, (self.tree, self.needs)))}

    @property
    def needs(self) -> Path:
        return self.tree / "needs"


PRESENT = Build(ROOT)


def commit_of(revision: str) -> str:
    """Its hash, shortened. Raises LookupError with a sentence when there is no such revision here."""
    found = _git("rev-parse", "--verify", "--quiet", "--short", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode:
        raise LookupError(f"no such revision in this checkout: {revision!r}")
    return found.stdout.strip()


@contextmanager
def checked_out(commit: str, folder: Path) -> Iterator[Build]:
    """The commit as a git worktree below ``folder`` for the length of the block."""
    tree = folder / f"at-{commit}"
    added = _git("worktree", "add", "--detach", str(tree), commit)
    if added.returncode:
        raise SystemExit(f"{commit} could not be checked out: {added.stderr.strip()}")
    try:
        build = Build(tree, commit)
        if (tree / SETUP).exists() and (tree / SETUP).read_bytes() != (ROOT / SETUP).read_bytes():
            _install(build)
        yield build
    finally:
        _git("worktree", "remove", "--force", str(tree))


def _install(build: Build) -> None:
    """What another revision needs may be there no more. Raises SystemExit when it cannot be had."""
    print(f"Installing what {build.name} needs ...", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--target", str(build.needs), f"{build.tree}[postgres]"], check=False)
    if done.returncode:
        raise SystemExit(f"what {build.name} needs could not be installed; the reason is above.")


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
