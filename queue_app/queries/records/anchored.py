"""Whether the audit chain is what its anchors say: those who can write to the database cannot write to them."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.anchors import Anchor
from queue_app.models import AuditSeal

AT_ONCE = 500  # numbers in one statement


def newest_seal(session: Session, *, now: datetime) -> Anchor | None:
    """The end of the chain as an anchor; None while nothing is sealed."""
    seal = session.scalars(select(AuditSeal).order_by(AuditSeal.sequence.desc()).limit(1)).first()
    return Anchor(now, seal.sequence, seal.hash) if seal else None


def unlike_anchors(session: Session, anchors: Sequence[Anchor]) -> Iterator[str]:
    """A sentence for each anchor whose seal is gone, or another one.

    The chain itself cannot tell when its end is cut off together with the entries: what is left fits.
    """
    for first in range(0, len(anchors), AT_ONCE):
        some = anchors[first : first + AT_ONCE]
        found = select(AuditSeal.sequence, AuditSeal.hash).where(AuditSeal.sequence.in_({one.sequence for one in some}))
        hashes = dict(session.execute(found).all())
        for anchor in some:
            present = hashes.get(anchor.sequence)
            if present is None:
                yield f"seal {anchor.sequence}, written down at {anchor.at:%Y-%m-%d %H:%M} UTC, is gone"
            elif not hmac.compare_digest(present, anchor.hash):
                yield f"seal {anchor.sequence} is not the one that was written down at {anchor.at:%Y-%m-%d %H:%M} UTC"
