"""What the figures were measured on, and what processes cost: read from /proc."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds
PAGE = os.sysconf("SC_PAGE_SIZE")  # bytes
MB = 1024 * 1024


@dataclass(frozen=True)
class Memory:
    """MB of one process; ``shared_fairly`` (PSS) divides shared pages among those who share them.

    ``own`` is the same without pages of files, which other programs on the machine share too, now more and now fewer.
    """

    resident: float
    shared_fairly: float
    own: float


def describe() -> str:
    """Cores, processor, memory, system and Python in one line."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    total = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return (
        f"{os.cpu_count()} cores, {model}, {total / 1024 / 1024:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def busy() -> str:
    """The load average before the run: what else the machine was doing."""
    return f"{os.getloadavg()[0]:.1f}"


def family(pid: int) -> list[int]:
    """The process and everything it started that is still alive."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(child) for child in _read(task).split() if int(child) not in found]
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system time of the processes, with that of children they have waited for."""
    return sum(sum(map(int, fields[11:15])) for pid in pids if (fields := _fields(pid))) * TICK


def memory(pid: int) -> Memory:
    resident = int(_read(Path(f"/proc/{pid}/statm")).split()[1]) * PAGE
    told = {line.split(":")[0]: line.split() for line in _lines(f"/proc/{pid}/smaps_rollup")}
    fairly, own = (int(told[name][1]) * 1024 if name in told else resident for name in ("Pss", "Pss_Anon"))
    return Memory(resident / MB, fairly / MB, own / MB)


def _fields(pid: int) -> list[str]:
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""  # it has ended


def _lines(path: str) -> list[str]:
    return _read(Path(path)).splitlines()


def progress(text: str) -> None:
    """Say on standard error what is being done: the table alone goes to standard output."""
    print(f"  … {text}", file=sys.stderr, flush=True)
