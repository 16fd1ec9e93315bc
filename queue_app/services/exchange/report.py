"""A table that comes in, done row by row: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy.orm import Session

from queue_app.domain.errors import DomainError
from queue_app.domain.exchange.columns import ImportKind
from queue_app.domain.exchange.refusals import Problem
from queue_app.domain.exchange.rows import ImportRow, RowInvalid
from queue_app.domain.roles import Actor
from queue_app.services.records import audit


class Act(StrEnum):
    INVITE = "invite"
    ADD = "add"
    CHANGE = "change"
    BOOK = "book"
    SAME = "same"  # it is so already
    PAST = "past"  # of a day that is over: left out


@dataclass(frozen=True)
class Done:
    """``told``: by which the row is known, never more than stood in it. ``given``: what exists only once it is kept,
    such as a ticket's number and code, or the token of a link.
    """

    line: int
    act: Act
    told: tuple[str | date | time, ...]
    given: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    done: tuple[Done, ...]
    problems: tuple[Problem, ...] = ()


class ImportRefused(Exception):
    """Some rows cannot be done, so nothing of the table may be kept: whoever catches this rolls back."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"{len(report.problems)} problems")
        self.report = report


def in_turn(session: Session, rows: Iterable[ImportRow], act: Callable[[ImportRow], Done]) -> Report:
    """Each row after the other, as if it were alone: later ones meet what earlier ones have done.

    A row that is refused leaves nothing, and the next ones are tried all the same, so that everything that is to be
    mended is told at once. Raises ImportRefused.
    """
    done: list[Done] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            with session.begin_nested():
                done.append(act(row))
        except RowInvalid:
            pass
        except DomainError as refusal:
            row.complain(refusal)
        problems += row.problems
    report = Report(tuple(done), tuple(problems))
    if problems:
        raise ImportRefused(report)
    return report


def record_import(
    session: Session,
    kind: ImportKind,
    report: Report,
    office_id: int,
    *,
    reason: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Beside what each row has written itself. ``office_id``: at which whoever did it works just now."""
    acts = [done.act for done in report.done]
    after = {"table": kind.value, "rows": len(acts), "acts": {act.value: acts.count(act) for act in Act if act in acts}}
    audit.record(
        session, "table.imported", "office", office_id, actor=actor, now=now, office_id=office_id, after=after,
        reason=reason,
    )  # fmt: skip
