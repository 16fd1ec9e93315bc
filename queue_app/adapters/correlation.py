"""The cause of each line in the log: the request or the run of a job that a thread is working for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """``kind`` as the field of a log line is called: `request_id` or `job_run_id`."""

    kind: str
    id: str


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


def new_id() -> str:
    """Says nothing about anybody, and is short enough to be read out on the telephone."""
    return secrets.token_hex(6)


def cause() -> Cause | None:
    return _cause.get()


@contextmanager
def because_of(kind: str, identity: str) -> Iterator[None]:
    """Everything logged in the block carries this id."""
    token = _cause.set(Cause(kind, identity))
    try:
        yield
    finally:
        _cause.reset(token)
