"""What is fired at a server and what comes back, with as little parsing as possible."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Volley:
    """Requests to fire over keep-alive connections: each once, or over and over for ``seconds``."""

    port: int
    requests: Sequence[bytes]
    connections: int
    seconds: float | None = None
    bodies_of: tuple[int, ...] = ()  # the statuses whose bodies are kept


@dataclass
class Answers:
    """What came back; position n of the arrays belongs to one answer. Times in seconds since the volley began."""

    request: array[int] = field(default_factory=lambda: array("L"))  # index into Volley.requests
    status: array[int] = field(default_factory=lambda: array("H"))
    latency: array[float] = field(default_factory=lambda: array("d"))
    at: array[float] = field(default_factory=lambda: array("d"))
    bodies: dict[int, bytes] = field(default_factory=dict)  # by index of the request
    errors: dict[int, bytes] = field(default_factory=dict)  # by status from 500 on: the first body
    unanswered: list[int] = field(default_factory=list)  # indexes of requests
    reconnects: int = 0
    seconds: float = 1.0  # the time that counts: as asked for, or until the last answer

    @property
    def rate(self) -> float:
        """Answers a second within the time that counts; errors of the server are no answers.

        Where none came in time, what came later in the time it took: slow is not nothing.
        """
        good = [at for at, status in zip(self.at, self.status, strict=True) if status < 500]
        in_time = sum(at <= self.seconds for at in good)
        return in_time / self.seconds if in_time or not good else len(good) / max(good)

    def percentile(self, share: float) -> float:
        """The latency that ``share`` of the answers stayed under; seconds."""
        ordered = sorted(self.latency)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def statuses(self) -> dict[int, int]:
        counts: dict[int, int] = {}
        for status in self.status:
            counts[status] = counts.get(status, 0) + 1
        return counts


@dataclass(frozen=True)
class Answer:
    """An answer found at the beginning of what was received: the body lies between ``head`` and ``end``."""

    status: int
    head: int
    end: int


def parse(received: bytes) -> Answer | None:
    """The first answer in ``received``, or None while it is not whole. Raises ValueError for what is not HTTP/1.1."""
    head = received.find(b"\r\n\r\n")
    if head < 0:
        if len(received) >= 9 and not received.startswith(b"HTTP/1."):
            raise ValueError(f"not an HTTP answer: {received[:40]!r}")
        return None
    if not received.startswith(b"HTTP/1."):
        raise ValueError(f"not an HTTP answer: {received[:40]!r}")
    status = int(received[9:12])
    fields = received[:head].lower()
    begin = fields.find(b"\r\ncontent-length:")
    if begin >= 0:
        stop = fields.find(b"\r\n", begin + 17)
        end = head + 4 + int(fields[begin + 17 : stop if stop >= 0 else head])
        return Answer(status, head + 4, end) if len(received) >= end else None
    if b"\r\ntransfer-encoding: chunked" in fields:
        chunked = _end_of_chunks(received, head + 4)
        return Answer(status, head + 4, chunked) if chunked is not None else None
    if status in {204, 304}:
        return Answer(status, head + 4, head + 4)
    raise ValueError("an answer without a length")


def _end_of_chunks(received: bytes, at: int) -> int | None:
    while (line := received.find(b"\r\n", at)) >= 0:
        size = int(received[at:line].split(b";")[0], 16)
        at = line + 2 + size + 2
        if at > len(received):
            return None
        if size == 0:
            return at
    return None
