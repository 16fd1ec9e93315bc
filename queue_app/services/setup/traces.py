"""An act about a service of an office, in the audit log of that office."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from queue_app.domain.roles import Actor
from queue_app.models import OfficeService
from queue_app.services.records import audit


def record_offering(
    session: Session,
    action: str,
    offering: OfficeService,
    *,
    actor: Actor,
    now: datetime,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    audit.record(
        session,
        action,
        "office_service",
        offering.id,
        actor=actor,
        now=now,
        office_id=offering.office_id,
        before=before,
        after=after,
        reason=reason,
    )


def record_added(
    session: Session,
    offering: OfficeService,
    *,
    action: str = "offering.added",
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    after = {"service": offering.service.code, "letter": offering.letter}
    record_offering(session, action, offering, actor=actor, now=now, after=after, reason=reason)
