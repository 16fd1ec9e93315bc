"""`queue-app` without its lane: everything goes the usual way, through Flask, as what is not plain does."""

from __future__ import annotations

from typing import Any

from queue_app.cli import main
from queue_app.web.lane import Lane


def nobody_enters(_lane: Lane, *_request: Any) -> bool:
    return False


# For the length of the process and its workers, which are forked from it: nothing is to be put back.
Lane._enter = nobody_enters  # type: ignore[method-assign]

if __name__ == "__main__":
    main()
