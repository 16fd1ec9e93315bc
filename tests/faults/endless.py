"""A rush that does not end by itself: people keep coming, and look at pages between, until the test has seen enough."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tests.faults.clients import PAUSE, Answer, Client, Task, Wish


class EndlessRush:
    """Everybody is somebody new, over all slots in turn; every tenth request is for one of the pages, if any."""

    def __init__(self, wish: Callable[[int], Wish], slots: Sequence[int], pages: Sequence[str] = ("/",)) -> None:
        self._wish, self._slots, self._pages = wish, slots, pages
        self._over = threading.Event()
        self.answers: list[Answer] = []  # to requests for a place
        self.views: list[Answer] = []

    def tasks(self) -> Iterator[Task]:
        for turn in itertools.count():
            if self._over.is_set():
                return
            if self._pages and turn % 10 == 9:
                yield partial(self._look, page=self._pages[turn // 10 % len(self._pages)])
            else:
                yield partial(self._insist, wish=self._wish(self._slots[turn % len(self._slots)]))

    def end(self) -> None:
        self._over.set()

    def count(self, status: int) -> int:
        """How many requests for a place have been answered so."""
        return sum(answer.status == status for answer in list(self.answers))

    def _insist(self, client: Client, wish: Wish) -> None:
        """Keeps every answer; an outage is no reason to lose the connection, so that would raise Unanswered."""
        while True:
            answer = client.book(wish)
            self.answers.append(answer)
            if answer.status != 503:
                return
            time.sleep(PAUSE)

    def _look(self, client: Client, page: str) -> None:
        self.views.append(client.ask("GET", page))
