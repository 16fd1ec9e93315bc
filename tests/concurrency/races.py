"""Real threads that start at the same moment, each with its own unit of work, and what became of them.

A control takes one guard away and puts a `Pause` between reading and writing: then the damage must show, or the test of
the rule has proved nothing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import Session

from queue_app.db import claiming, db, unit_of_work
from queue_app.domain.errors import DomainError, RepeatedRequest
from queue_app.models import Slot, Ticket
from queue_app.queries.records.invariants import Finding, verify
from queue_app.services.records.audit import seal_entries

PATIENCE = 60  # seconds a thread may take before the test calls it stuck
Step = Callable[[Session], Any]
Do = Callable[[Step], "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What one unit of work ended in: a value, a refusal, or a failure that no rule foresees."""

    value: Any = None
    refusal: DomainError | None = None
    failure: Exception | None = None

    @property
    def won(self) -> bool:
        return self.refusal is None and self.failure is None

    @property
    def code(self) -> str | None:
        """The code of the refusal."""
        return self.refusal.code if self.refusal else None


def claims(step: Step) -> Step:
    """Mark a step that is its own transaction: it gets a connection of `db.claiming`, as the web gives it."""
    step.claims = True  # type: ignore[attr-defined]  # a function has room for it, its type does not say so
    return step


def attempt(step: Step) -> Outcome:
    """One unit of work, asked once more when the same request was being stored at that moment, as the web does.

    A step that books says so (``step.claims``) and gets the session that the web gives it.
    """
    for _ in range(3):
        try:
            with (claiming if getattr(step, "claims", False) else unit_of_work)() as session:
                return Outcome(value=step(session))
        except RepeatedRequest as refusal:
            outcome = Outcome(refusal=refusal)
        except DomainError as refusal:
            return Outcome(refusal=refusal)
        except Exception as failure:
            return Outcome(failure=failure)
    return outcome


def in_parallel(app: Flask, *actors: Callable[[Do], None]) -> list[Outcome]:
    """Let every actor do its units of work, all beginning at once; raise what nobody foresaw."""
    outcomes = _run(app, actors)
    failures = [outcome.failure for outcome in outcomes if outcome.failure]
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(outcomes)} failed", failures)
    return outcomes


def together(app: Flask, *steps: Step, unguarded: bool = False) -> list[Outcome]:
    """Each step in a thread and unit of work of its own; the outcomes in the order of the steps.

    ``unguarded``: a control, in which failures are kept instead of raised.
    """
    results: dict[int, Outcome] = {}

    def actor(position: int, step: Step) -> Callable[[Do], None]:
        return lambda do: results.__setitem__(position, do(step))

    actors = [actor(position, step) for position, step in enumerate(steps)]
    (_run if unguarded else in_parallel)(app, *([actors] if unguarded else actors))
    return [results[position] for position in range(len(steps))]


def _run(app: Flask, actors: Any) -> list[Outcome]:
    start = threading.Barrier(len(actors))
    outcomes: list[Outcome] = []

    def run(actor: Callable[[Do], None]) -> None:
        def do(step: Step) -> Outcome:
            outcome = attempt(step)
            outcomes.append(outcome)
            return outcome

        with app.app_context():
            start.wait(PATIENCE)
            actor(do)

    threads = [threading.Thread(target=run, args=(actor,), daemon=True) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "a thread is stuck"
    return outcomes


class Pause:
    """A moment between reading and writing at which a control lets others in, once for each thread."""

    def __init__(self) -> None:
        self._been = threading.local()

    def wait(self, on: Session | Connection) -> None:
        """On SQLite the writer lock is the guard: it is let go, as by a program that reads in one transaction and
        writes in the next."""
        if getattr(self._been, "here", False):
            return
        self._been.here = True
        connection = on.connection() if isinstance(on, Session) else on
        claims = connection.get_execution_options().get("claims")  # which holds no lock while it reads
        sqlite = connection.dialect.name == "sqlite" and not claims
        if not sqlite:
            self.let_others()
            return
        connection.exec_driver_sql("COMMIT")
        connection.info["writers_turn"].end(connection)
        self.let_others()
        connection.info["writers_turn"].take(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def let_others(self) -> None:
        raise NotImplementedError

    def after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A double of a function whose first argument is the session: it does its work, then pauses."""

        def double(session: Session, *arguments: Any, **keywords: Any) -> Any:
            result = function(session, *arguments, **keywords)
            self.wait(session)
            return result

        return double

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A double that pauses, then does its work."""

        def double(session: Session, *arguments: Any, **keywords: Any) -> Any:
            self.wait(session)
            return function(session, *arguments, **keywords)

        return double


class Meeting(Pause):
    """Threads wait for each other: each of them has read and none has written."""

    def __init__(self, parties: int) -> None:
        super().__init__()
        self._barrier = threading.Barrier(parties)

    def let_others(self) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):  # somebody may be refused before coming here
            self._barrier.wait(5)


class Interruption(Pause):
    """Somebody else's whole unit of work happens in the middle of one's own."""

    def __init__(self, app: Flask, step: Step) -> None:
        super().__init__()
        self._app, self._step = app, step
        self.outcome = Outcome()
        self._begun = False

    def let_others(self) -> None:
        if not self._begun:  # what interrupts is not interrupted itself
            self._begun = True
            (self.outcome,) = together(self._app, self._step)


def without_row_locks(self: Select[Any], **_options: Any) -> Select[Any]:
    """In the place of `Select.with_for_update`."""
    return self


def findings(app: Flask) -> dict[str, Finding]:
    """Every broken invariant, after sealing the audit."""
    keyring, now = app.extensions["keyring"], app.extensions["clock"].now()
    with app.app_context():
        with unit_of_work() as session:
            seal_entries(session, keyring=keyring, now=now, limit=100_000)
        return {found.code: found for found in verify(db.session(), keyring=keyring, now=now) if found.breaches}


def assert_sound(app: Flask) -> None:
    """Every invariant holds."""
    broken = findings(app)
    assert not broken, broken


def booked_of(app: Flask, slot_id: int) -> int:
    with app.app_context():
        return db.session().scalars(select(Slot.booked).where(Slot.id == slot_id)).one()


def tickets_of(app: Flask, *where: Any) -> list[Ticket]:
    with app.app_context():
        return list(db.session().scalars(select(Ticket).where(*where).order_by(Ticket.id)))


def is_sqlite(app: Flask) -> bool:
    with app.app_context():
        return db.engine.dialect.name == "sqlite"
