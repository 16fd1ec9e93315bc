"""The audit log of an office, as it is read: the newest entries first, narrowed by what an auditor asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, literal, or_, select, text, tuple_, union_all
from sqlalchemy.orm import Session

from queue_app.models import AuditEntry, AuditSeal
from queue_app.models.audit import OF_PEOPLE, OF_PROGRAMS, OF_PURGE, OF_STAFF
from queue_app.models.base import UtcDateTime, spelled_out
from queue_app.queries.booking.history import actor_names


@dataclass(frozen=True)
class AuditFilter:
    """Of an office and of none. ``kinds``: actions, and beginnings of actions that end in a dot; all when empty.

    ``program``: a kiosk or a partner's key, as the log names actors.
    ``since`` <= at < ``until``. ``about``: ids by subject, as `subjects_of_ticket` finds them.
    """

    office_id: int
    kinds: tuple[str, ...] = ()
    staff_id: int | None = None
    program: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    about: tuple[tuple[str, tuple[int, ...]], ...] = ()
    reason: str = ""

    def takes(self, action: str) -> bool:
        return not self.kinds or any(action == kind or _begins(kind, action) for kind in self.kinds)


@dataclass(frozen=True)
class AuditRow:
    entry: AuditEntry
    sealed: bool
    actor_name: str | None


def audit_rows(
    session: Session, wanted: AuditFilter, *, before_id: int | None = None, limit: int = 50
) -> tuple[AuditRow, ...]:
    """The newest entries, or those that follow the one that ``before_id`` names."""
    last = session.get(AuditEntry, before_id) if before_id is not None else None
    rows = session.execute(
        select(AuditEntry, AuditSeal.sequence)
        .join(found := _found(wanted, last, limit), found.c.id == AuditEntry.id)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    ).all()
    return _named(session, rows)


def audit_pages(session: Session, wanted: AuditFilter, *, at_once: int = 500) -> Iterator[tuple[AuditRow, ...]]:
    """All of them, some at a time, so that nothing is held open in between."""
    before_id = None
    while rows := audit_rows(session, wanted, before_id=before_id, limit=at_once):
        yield rows
        before_id = rows[-1].entry.id


def count_up_to(session: Session, wanted: AuditFilter, most: int) -> int:
    """How many there are; ``most`` where there are more."""
    return min(session.scalar(select(func.count()).select_from(_found(wanted, None, most))) or 0, most)


def audit_entry_at(session: Session, entry_id: int, office_ids: tuple[int, ...]) -> AuditRow | None:
    """One entry of the offices, or of none."""
    found = select(AuditEntry, AuditSeal.sequence).outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
    rows = session.execute(found.where(AuditEntry.id == entry_id)).all()
    return next((row for row in _named(session, rows) if row.entry.office_id in (None, *office_ids)), None)


def _named(session: Session, rows: Sequence[Row[AuditEntry, int]]) -> tuple[AuditRow, ...]:
    names = actor_names(session, {entry.actor for entry, _sequence in rows})
    return tuple(AuditRow(entry, sequence is not None, names.get(entry.actor)) for entry, sequence in rows)


def _found(wanted: AuditFilter, last: AuditEntry | None, limit: int) -> Subquery:
    parts = [_newest(way, wanted, last, limit) for way in _ways(wanted)]
    return union_all(*(select(part.subquery()) for part in parts)).subquery()


def _newest(way: ColumnElement[bool], wanted: AuditFilter, last: AuditEntry | None, limit: int) -> Select[int]:
    """Ids from the end of an index, as far as the page needs: whatever else there are millions of."""
    ids = select(AuditEntry.id).where(way, *_conditions(wanted))
    if last is not None:
        place = tuple_(AuditEntry.at, AuditEntry.id)
        ids = ids.where(place < tuple_(literal(last.at, UtcDateTime()), literal(last.id)))
    return ids.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit)


def _ways(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    """The parts of one index each in which everything wanted lies: the index that leads to the fewest entries."""
    here, nowhere = AuditEntry.office_id == wanted.office_id, AuditEntry.office_id.is_(None)
    if wanted.about:
        for subject, ids in wanted.about:
            yield (AuditEntry.subject == subject) & AuditEntry.subject_id.in_(ids) & or_(here, nowhere)
    elif wanted.reason:
        yield from (where & AuditEntry.reason.is_not(None) for where in (here, nowhere))
    elif wanted.staff_id is not None:
        # The condition of the index word for word: an actor in a parameter does not say that it is one of the staff.
        yield text(OF_STAFF) & _by(wanted.staff_id) & or_(here, nowhere)
    elif wanted.program is not None:
        yield text(OF_PROGRAMS) & (AuditEntry.actor == wanted.program) & or_(here, nowhere)
    else:
        of_people = AuditEntry.action.in_(spelled_out((*OF_PEOPLE, OF_PURGE)))
        yield from (where & ~of_people for where in (here, nowhere))
        for where, actions in ((here, OF_PEOPLE), (nowhere, (OF_PURGE,))):
            if taken := [one for one in actions if wanted.takes(one)]:
                yield where & AuditEntry.action.in_(taken)


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.kinds:
        yield or_(
            *(
                AuditEntry.action.startswith(kind, autoescape=True) if kind.endswith(".") else AuditEntry.action == kind
                for kind in wanted.kinds
            )
        )
    if wanted.staff_id is not None:
        yield _by(wanted.staff_id)
    if wanted.program is not None:
        yield AuditEntry.actor == wanted.program
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until
    if wanted.reason:
        yield AuditEntry.reason.icontains(wanted.reason, autoescape=True)


def _by(staff_id: int) -> ColumnElement[bool]:
    return AuditEntry.actor == f"staff:{staff_id}"


def _begins(kind: str, action: str) -> bool:
    return kind.endswith(".") and action.startswith(kind)
