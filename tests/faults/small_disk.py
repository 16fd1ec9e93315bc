"""A small disk of its own for a database, and something that fills it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DISK = 8 * 1024**2  # bytes


@contextmanager
def mounted(folder: Path) -> Iterator[bool]:
    """False where this account may not mount one."""
    options = f"size={DISK},mode=0700"
    done = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False
        ).returncode
    )
    yield done
    if done:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """No file on the disk can grow while the block runs."""
    heap = disk / "ballast"
    with heap.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            yield
    heap.unlink()
