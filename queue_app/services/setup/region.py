"""The regency, city or kecamatan that an office is for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.regions import read_region_code
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup, require_impersonal
from queue_app.models import Office
from queue_app.services.records import audit
from queue_app.services.records.changes import change_columns


def change_region(
    session: Session, office_id: int, name: str, code: str, *, reason: str, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """The names of the columns that changed. Raises ReasonRequired, NotFound; InvalidSetup (``name``, ``personal``,
    ``region``).
    """
    reason, name = read_reason(reason), " ".join(name.split())
    require_impersonal(name)
    if not any(sign.isalnum() for sign in name):
        raise InvalidSetup(reason="name")
    wanted = {"region_name": name, "region_code": read_region_code(code)}
    office = session.get(Office, office_id, with_for_update={"key_share": True}, populate_existing=True)
    if office is None:
        raise NotFound()
    before, after = change_columns(office, wanted)
    if after:
        session.flush()
        audit.record(
            session,
            "office.region",
            "office",
            office_id,
            actor=actor,
            now=now,
            office_id=office_id,
            before=before,
            after=after,
            reason=reason,
        )
    return tuple(after)
