"""Write down that somebody took a table away, before the first line of it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor

from . import audit


def record_export(
    session: Session,
    what: str,
    office_id: int,
    taken: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """``what``: the action, e.g. ``audit.exported``. ``taken``: format, rows and what was asked, by name alone."""
    by: dict[str, Any] = {"actor": actor, "now": now, "reason": reason}
    audit.record(session, what, "office", office_id, **by, office_id=office_id, after=dict(taken))
