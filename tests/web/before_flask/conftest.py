"""The layers with a clock of their own, and a count of what came through to Flask."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, request

from queue_app.web.before_flask import FULL_SLOTS, PAGES


class Seconds:
    """A monotonic clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds(app: Flask) -> Seconds:
    clock = Seconds()
    for layer in (FULL_SLOTS, PAGES):
        app.extensions[layer].now = clock
    return clock


@pytest.fixture
def came_through(app: Flask) -> Callable[[], Counter[str]]:
    """How often Flask was asked, by method and path, since the last look."""
    seen: Counter[str] = Counter()
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.update([f"{request.method} {request.path}"]))

    def look() -> Counter[str]:
        looked = Counter(seen)
        seen.clear()
        return looked

    return look
