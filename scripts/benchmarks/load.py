"""The load generator: one process, one epoll, requests built beforehand, and as little parsing as possible.

A client library would cost more processor time than the server under test. This one takes 25 to 40 µs a request, and
it shares the machine with both sides of a pair alike.
"""

from __future__ import annotations

import gc
import select
import socket
import time
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from types import TracebackType

from scripts.benchmarks.volley import Answers, Volley, parse

PATIENCE = 30.0  # seconds after which a volley ends, whatever is still unanswered
LATER = 1e9


class _Connection:
    __slots__ = ("received", "request", "sent", "socket")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.received = b""
        self.request = -1
        self.sent = 0.0


class _Firing:
    """One volley under way. Connections are made before its clock starts."""

    def __init__(self, volley: Volley) -> None:
        self.volley = volley
        self.answers = Answers()
        self.next = 0
        self.last = LATER if volley.seconds else len(volley.requests)
        self.poll = select.epoll()
        self.open: dict[int, _Connection] = {}
        for _ in range(volley.connections):
            self._connect()

    def _connect(self) -> _Connection:
        connection = _Connection(self.volley.port)
        self.open[connection.socket.fileno()] = connection
        self.poll.register(connection.socket, select.EPOLLIN)
        return connection

    def run(self) -> Answers:
        self.began = time.perf_counter()
        until = self.began + (self.volley.seconds or PATIENCE)
        for connection in list(self.open.values()):
            self._send_next(connection)
        patience = self.began + PATIENCE
        while self.open and (now := time.perf_counter()) < patience:
            if now > until:
                self.last = self.next  # no new ones; those under way are waited for
            for number, _ in self.poll.poll(0.05):
                self._receive(self.open[number])
        answers = self.answers
        answers.unanswered += [connection.request for connection in self.open.values()]
        for connection in list(self.open.values()):
            self._close(connection)
        self.poll.close()
        answers.seconds = self.volley.seconds or max(answers.at, default=PATIENCE)
        return answers

    def _send_next(self, connection: _Connection) -> None:
        if self.next >= self.last:
            self._close(connection)
            return
        connection.request = self.next % len(self.volley.requests)
        self.next += 1
        self._send(connection)

    def _send(self, connection: _Connection) -> None:
        connection.sent = time.perf_counter()
        try:
            connection.socket.send(self.volley.requests[connection.request])
        except OSError:
            self._again(connection)

    def _receive(self, connection: _Connection) -> None:
        try:
            piece = connection.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self._again(connection)
            return
        received = connection.received + piece if connection.received else piece
        answer = parse(received)
        if answer is None:
            connection.received = received
            return
        connection.received = b""
        now = time.perf_counter()
        answers = self.answers
        answers.request.append(connection.request)
        answers.status.append(answer.status)
        answers.latency.append(now - connection.sent)
        answers.at.append(now - self.began)
        if answer.status >= 500:
            answers.errors.setdefault(answer.status, received[answer.head : answer.end])
        if answer.status in self.volley.bodies_of:
            answers.bodies[connection.request] = received[answer.head : answer.end]
        self._send_next(connection)

    def _again(self, connection: _Connection) -> None:
        """The server closed: the same request once more over a new connection, as a browser would."""
        request = connection.request
        self._close(connection)
        self.answers.reconnects += 1
        try:
            fresh = self._connect()
        except OSError:
            self.answers.unanswered.append(request)
            return
        fresh.request = request
        self._send(fresh)

    def _close(self, connection: _Connection) -> None:
        self.open.pop(connection.socket.fileno())
        self.poll.unregister(connection.socket)
        connection.socket.close()


def fire(volley: Volley) -> Answers:
    """Fire in this process; see `Generator`."""
    gc.collect()
    gc.disable()
    try:
        return _Firing(volley).run()
    finally:
        gc.enable()


class Generator:
    """A process that fires volleys, apart from the one that keeps the books."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        self._pool.submit(gc.collect).result()  # started before anything is timed

    def __enter__(self) -> Generator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def fire(self, volley: Volley) -> Answers:
        answers: Future[Answers] = self._pool.submit(fire, volley)
        return answers.result(timeout=2 * PATIENCE)
