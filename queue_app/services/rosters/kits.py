"""The recording kits of an office: as many recordings go at once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.roles import Actor
from queue_app.domain.rosters import KITS_MAX, InvalidKits
from queue_app.models import Office
from queue_app.services.records import audit


def set_recording_kits(session: Session, office_id: int, kits: int | None, *, actor: Actor, now: datetime) -> None:
    """``kits``: None where each counter that records has one of its own. Raises InvalidKits, NotFound."""
    if kits is not None and not 0 <= kits <= KITS_MAX:
        raise InvalidKits(maximum=KITS_MAX)
    office = session.get(Office, office_id, with_for_update={"key_share": True})
    if office is None:
        raise NotFound()
    before, office.recording_kits = office.recording_kits, kits
    if before != kits:
        audit.record(
            session,
            "office.recording_kits",
            "office",
            office_id,
            actor=actor,
            now=now,
            office_id=office_id,
            before={"recording_kits": before},
            after={"recording_kits": kits},
        )
    session.flush()
