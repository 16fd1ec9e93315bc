"""The machine, as far as it tells about itself."""

from __future__ import annotations

import ctypes
from pathlib import Path

M_ARENA_MAX = -8  # of glibc's mallopt(3)
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # Linux: random, and new each time it is switched on (proc(5))


def boot_id() -> str | None:
    """Names this run of the machine; None where it does not say."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def keep_one_arena() -> None:
    """Let all threads of this process take their memory from one store, where the C library knows such a setting.

    glibc makes up to eight for each core, one after the other for threads that run at the same time; each keeps what it
    once had. Has to be said before the first thread begins.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
