"""Asking a WSGI layer by itself, once or by many at a time."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any


class Answered:
    """What a layer answered to one request."""

    def __init__(self, layer: Callable[..., Iterable[bytes]], **environ: Any) -> None:
        self.headers: dict[str, str] = {}
        asked = {"REQUEST_METHOD": "POST", "PATH_INFO": "/", "wsgi.input": BytesIO(), **environ}
        self.body = b"".join(layer(asked, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


@contextmanager
def running(ask: Callable[[], Answered], *, times: int) -> Iterator[list[Answered]]:
    """So many requests at once, each in a thread; their answers, complete after the block."""
    answers: list[Answered] = []
    threads = [threading.Thread(target=lambda: answers.append(ask())) for _ in range(times)]
    for thread in threads:
        thread.start()
    yield answers
    for thread in threads:
        thread.join(30)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
