"""Request bodies, read by the event loop: one that never ends holds no thread, only what has come of it.

granian knows no time limit for a body, so the limits are here: how long one may take, and how many may be under way,
in all and from one address. An ordinary form is there with its headers and is read at once, whoever else is waiting.
"""

from __future__ import annotations

import asyncio
import time
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
MOST, MOST_OF_ONE = 512, 32  # bodies under way in this process, and those of one address
SLOW = 1.0  # seconds: who has taken longer makes room when somebody else needs it
TOO_SLOW = Refusal("too_slow", HTTPStatus.REQUEST_TIMEOUT, "too_slow")
NO_ROOM = Refusal("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "no_room")


class Bodies:
    """The bodies under way in this process. Belongs to the thread of its event loop."""

    def __init__(self, trusted_proxies: int = 0) -> None:
        self.trusted_proxies = trusted_proxies
        self._since: dict[asyncio.Task[Any], tuple[float, str]] = {}  # when each began, and for whom; the oldest first
        self._of: Counter[str] = Counter()

    async def read(self, environ: dict[str, Any], protocol: Any) -> Refusal | None:
        """Put the body into `wsgi.input`; what is wrong with it instead. Its headers have been found decent."""
        address = network_of(self._sender(environ))
        if not self._has_room(address):
            return NO_ROOM
        task = asyncio.current_task()
        assert task is not None
        announced = None if "HTTP_TRANSFER_ENCODING" in environ else int(environ["CONTENT_LENGTH"])
        self._since[task] = time.monotonic(), address
        self._of[address] += 1
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
            self._leave(task)
        environ["wsgi.input"] = BytesIO(body)
        return None

    def _leave(self, task: asyncio.Task[Any]) -> None:
        """Give its place back; it may have had to already."""
        if task in self._since:
            _, address = self._since.pop(task)
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]

    def give_up(self) -> None:
        """End all that are under way."""
        for task in self._since:
            task.cancel()

    def _sender(self, environ: dict[str, Any]) -> str:
        """The address of whoever sends; behind proxies the one that the outermost trusted one has seen."""
        told = environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if self.trusted_proxies else []
        sender: str = (
            told[-self.trusted_proxies].strip() if 0 < self.trusted_proxies <= len(told) else environ["REMOTE_ADDR"]
        )
        return sender

    def _has_room(self, address: str) -> bool:
        """When all places are taken, who has been at it longest makes room; within its first second nobody does."""
        if self._of[address] >= MOST_OF_ONE:
            return self._make_room(address)
        return len(self._since) < MOST or self._make_room()

    def _make_room(self, address: str | None = None) -> bool:
        for task, (began, sender) in self._since.items():
            if began > time.monotonic() - SLOW:
                return False
            if address in {None, sender}:
                self._leave(task)  # at once: the next one to come must not be given the same place
                task.cancel()
                count(BODIES_CUT_OFF, "room")
                return True
        return False


async def _in_pieces(protocol: Any) -> bytes:
    """A body whose length nobody told; no more of it than shows that it is too large."""
    body = bytearray()
    async for piece in protocol:
        body += piece
        if len(body) > LARGEST_BODY:
            break
    return bytes(body)
