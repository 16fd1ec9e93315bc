"""Request bodies, read by the event loop: one that never ends holds no thread, only what has come of it.

granian knows no time limit for a body, so the limits are here: how long one may take, and how many may be under way,
in all and from one address. In the rush a whole town sends its forms in the same second, many from one address of their
telephone company; so only those that take longer than a second are counted strictly.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from http import HTTPStatus
from io import BytesIO
from typing import Any

from queue_app.adapters.measures import BODIES_CUT_OFF
from queue_app.adapters.tally import count
from queue_app.web.access.attempts import network_of
from queue_app.web.before_flask.body import LARGEST_BODY, MALFORMED
from queue_app.web.before_flask.plain_refusals import Refusal

PATIENCE = 10.0  # seconds that any body may take
LEAST_SPEED = 1024  # bytes a second that a sender has to keep up beyond that
MOST, MOST_OF_ONE = 2048, 1024  # bodies under way in this process, and those of one address
SLOW = 1.0  # seconds after which a body is a slow one
MOST_SLOW, MOST_SLOW_OF_ONE = 512, 32  # when there are more, who has been at it longest makes room
TOO_SLOW = Refusal("too_slow", HTTPStatus.REQUEST_TIMEOUT, "too_slow")
NO_ROOM = Refusal("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "no_room")


class Bodies:
    """The bodies under way in this process. Belongs to the thread of its event loop."""

    def __init__(self, trusted_proxies: int = 0) -> None:
        self.trusted_proxies = trusted_proxies
        self._under_way, self._slow = _ByAddress(), _ByAddress()

    async def read(self, environ: dict[str, Any], protocol: Any) -> Refusal | None:
        """Put the body into `wsgi.input`; what is wrong with it instead. Its headers have been found decent."""
        address = network_of(self._sender(environ))
        if len(self._under_way.tasks) >= MOST or self._under_way.of[address] >= MOST_OF_ONE:
            return NO_ROOM
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task, address)
        slow = asyncio.get_running_loop().call_later(SLOW, self._is_slow, task, address)
        announced = None if "HTTP_TRANSFER_ENCODING" in environ else int(environ["CONTENT_LENGTH"])
        try:
            async with asyncio.timeout(PATIENCE + (announced or LARGEST_BODY) / LEAST_SPEED):
                body = await (_in_pieces(protocol) if announced is None else protocol())
        except TimeoutError:
            count(BODIES_CUT_OFF, "time")
            return TOO_SLOW
        except asyncio.CancelledError:
            return TOO_SLOW
        except Exception:
            return MALFORMED
        finally:
            slow.cancel()
            self._slow.leave(task)
            self._under_way.leave(task)
        environ["wsgi.input"] = BytesIO(body)
        return None

    def give_up(self) -> None:
        """End all that are under way."""
        for task in self._under_way.tasks:
            task.cancel()

    def _is_slow(self, task: asyncio.Task[Any], address: str) -> None:
        self._slow.add(task, address)
        if self._slow.of[address] > MOST_SLOW_OF_ONE:
            self._make_room(next(other for other, sender in self._slow.tasks.items() if sender == address))
        elif len(self._slow.tasks) > MOST_SLOW:
            self._make_room(next(iter(self._slow.tasks)))

    def _make_room(self, task: asyncio.Task[Any]) -> None:
        self._slow.leave(task)  # at once: the next one to be slow must not find it here
        task.cancel()
        count(BODIES_CUT_OFF, "room")

    def _sender(self, environ: dict[str, Any]) -> str:
        """The address of whoever sends; behind proxies the one that the outermost trusted one has seen."""
        told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if self.trusted_proxies else []
        sender: str = (
            told[-self.trusted_proxies].strip() if 0 < self.trusted_proxies <= len(told) else environ["REMOTE_ADDR"]
        )
        return sender


class _ByAddress:
    """Tasks with the address that each reads from, who has been here longest first, and how many there are of each."""

    def __init__(self) -> None:
        self.tasks: dict[asyncio.Task[Any], str] = {}
        self.of: Counter[str] = Counter()

    def add(self, task: asyncio.Task[Any], address: str) -> None:
        self.tasks[task] = address
        self.of[address] += 1

    def leave(self, task: asyncio.Task[Any]) -> None:
        """It may have left already."""
        address = self.tasks.pop(task, None)
        if address is not None:
            self.of[address] -= 1
            if not self.of[address]:
                del self.of[address]


async def _in_pieces(protocol: Any) -> bytes:
    """A body whose length nobody told; no more of it than shows that it is too large."""
    body = bytearray()
    async for piece in protocol:
        body += piece
        if len(body) > LARGEST_BODY:
            break
    return bytes(body)
