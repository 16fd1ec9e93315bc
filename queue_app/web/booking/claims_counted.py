"""Attempts to book are counted by how they end, whoever makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from queue_app.adapters.measures import CLAIMS
from queue_app.adapters.tally import count
from queue_app.domain.errors import DomainError, SlotFull, WalkInsUsedUp


@contextmanager
def claim_counted() -> Iterator[None]:
    """Around one attempt. One that finds no database has no outcome: it may be made again."""
    audience = request.blueprint or ""
    try:
        yield
    except (SlotFull, WalkInsUsedUp):
        count(CLAIMS, audience, "full")
        raise
    except DomainError:
        count(CLAIMS, audience, "refused")
        raise
    count(CLAIMS, audience, "won")
