"""The program, as it calls itself."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def program_version() -> str:
    try:
        return version("queue-app")
    except PackageNotFoundError:
        return "unknown"  # run from a checkout that was never installed
