"""The texts of messages that an office has worded itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.reminders import MessageKind
from queue_app.models import MessageText


def own_text(session: Session, office_id: int, kind: MessageKind, language: str) -> MessageText | None:
    """None where the office leaves it to the built-in text."""
    return session.get(MessageText, {"office_id": office_id, "kind": kind, "language": language})


def own_texts(session: Session, office_id: int) -> frozenset[tuple[MessageKind, str]]:
    """Kind and language of each."""
    rows = session.execute(select(MessageText.kind, MessageText.language).where(MessageText.office_id == office_id))
    return frozenset((row.kind, row.language) for row in rows)
