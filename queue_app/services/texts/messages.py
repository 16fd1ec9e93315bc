"""Word a message for an office, and go back to the built-in text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.message_texts import read_message_text
from queue_app.domain.reminders import MessageKind
from queue_app.domain.roles import Actor
from queue_app.models import MessageText
from queue_app.services.records import audit
from queue_app.services.records.changes import change_columns
from queue_app.services.records.upsert import insert_if_absent

KEY = ["office_id", "kind", "language"]


def word_message(
    session: Session,
    office_id: int,
    kind: MessageKind,
    language: str,
    *,
    subject: str,
    body: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Whether anything changed. Messages that wait already are sent with it: their text is made when they are sent.

    Raises InvalidMessageText.
    """
    subject, body = read_message_text(kind, subject, body)
    key = {"office_id": office_id, "kind": kind, "language": language}
    text = {"subject": subject, "body": body}
    before: dict[str, str] = {}
    after = text
    if not insert_if_absent(session, MessageText, KEY, **key, **text, changed_at=now):
        row = session.get(MessageText, key, with_for_update={"key_share": True}, populate_existing=True)
        if row is None:
            raise NotFound()  # somebody went back to the built-in text in this very second
        before, after = change_columns(row, text)
        if not after:
            return False
        row.changed_at = now
    session.flush()
    _record(session, "message_text.worded", key, before, after, actor=actor, now=now)
    return True


def unword_message(
    session: Session, office_id: int, kind: MessageKind, language: str, *, actor: Actor, now: datetime
) -> bool:
    """The built-in text again; False when it is that already."""
    key = {"office_id": office_id, "kind": kind, "language": language}
    row = session.get(MessageText, key, with_for_update={"key_share": True}, populate_existing=True)
    if row is None:
        return False
    before = {"subject": row.subject, "body": row.body}
    session.delete(row)
    session.flush()
    _record(session, "message_text.built_in", key, before, {}, actor=actor, now=now)
    return True


def _record(
    session: Session,
    action: str,
    key: dict[str, object],
    before: dict[str, str],
    after: dict[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    office_id = int(str(key["office_id"]))
    told = {"message": key["kind"], "language": key["language"]}
    audit.record(
        session,
        action,
        "office",
        office_id,
        actor=actor,
        now=now,
        office_id=office_id,
        before=before,
        after={**told, **after},
    )
