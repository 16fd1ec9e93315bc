"""The machine, as far as it tells about itself."""

from __future__ import annotations

from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")  # Linux: random, and new each time it is switched on (proc(5))


def boot_id() -> str | None:
    """Names this run of the machine; None where it does not say."""
    try:
        return BOOT_ID.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
