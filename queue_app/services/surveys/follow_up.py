"""Say what was done about a remark: the regulation wants results followed up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.models import SurveyRemark
from queue_app.services.records import audit


def follow_up(session: Session, key: str, done: str, *, office_id: int, actor: Actor, now: datetime) -> None:
    """A later word replaces the one before; both stay in the audit. Raises NotFound, ReasonRequired."""
    done = read_reason(done)
    remark = session.get(SurveyRemark, key, with_for_update={"key_share": True})
    if remark is None or remark.office_id != office_id:
        raise NotFound()
    before = {"follow_up": remark.follow_up} if remark.follow_up else None
    remark.follow_up, remark.followed_up_at = done, now
    session.flush()
    audit.record(
        session,
        "survey.followed_up",
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before=before,
        after={"follow_up": done, "month": f"{remark.month:%Y-%m}"},
    )
