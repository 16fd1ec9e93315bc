"""`queue-app`, struck down by `kill -9` at a step of `rotate-keys`: `python -m tests.faults.killed_rotation STEP …`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from queue_app.adapters import key_file
from queue_app.cli import main
from queue_app.jobs import keys
from queue_app.services.records import audit, resealing

Patch = Callable[[], None]


def before(module: Any, name: str) -> Patch:
    def patch() -> None:
        setattr(module, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))

    return patch


def after(module: Any, name: str, turns: int = 1) -> Patch:
    """After so many calls of it."""

    def patch() -> None:
        real, left = getattr(module, name), iter(range(1, turns))

        def last(*arguments: Any, **keywords: Any) -> Any:
            result = real(*arguments, **keywords)
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        setattr(module, name, last)

    return patch


STEPS: dict[str, Patch] = {
    "with a draft of the file": before(key_file.os, "replace"),
    "with the new file": after(key_file, "_write_whole"),
    "before the change is committed": after(audit, "record"),
    "after the change": after(keys, "change_to"),
    "in the middle of sealing": after(keys, "_reseal"),
    "before it is settled": after(resealing, "reseal", 4),
    "after it is settled": after(keys, "settle"),
    "before the file is tidied": after(keys, "forget"),
    "with a draft of the tidied file": after(key_file, "_write_whole", 2),
}

if __name__ == "__main__":
    STEPS[sys.argv.pop(1)]()
    main()
