"""An update as a process of its own, which is struck down at a moment, or stands still at one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import Engine, event

from queue_app import migrating
from queue_app.adapters.backup import BackupFailed
from queue_app.cli.setup import prepare
from queue_app.config import Settings

NEVER = 1_000_000
REFUSED = 3  # the process's exit code when it was refused in words
# Forked from a process that has done nothing but import: quick, and a process with one thread.
CONTEXT: ForkServerContext = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])


@dataclass(frozen=True)
class Moment:
    """Strike at the statement of this number, counting every commit as one too; or rest at the first ``begins`` so."""

    number: int = NEVER
    begins: str | None = None
    reached: Any = field(default_factory=lambda: CONTEXT.Value("i", 0))  # how far it came
    resting: Any = field(default_factory=CONTEXT.Event)
    go_on: Any = field(default_factory=CONTEXT.Event)

    def come_to_statement(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        self._come()
        if self.begins and statement.startswith(self.begins) and not self.resting.is_set():
            self.resting.set()
            self.go_on.wait()

    def come_to_commit(self, _connection: object) -> None:
        self._come()

    def _come(self) -> None:
        self.reached.value += 1
        if self.reached.value == self.number:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Update:
    """A process that is at it. The moment is kept here, because the process finds it by its name."""

    process: BaseProcess
    moment: Moment

    def ends(self) -> int | None:
        """How: 0, REFUSED, or minus the signal."""
        self.process.join()
        return self.process.exitcode


@contextmanager
def updating(settings: Settings, moment: Moment | None = None, **constants: int) -> Iterator[Update]:
    """Bring the database of ``settings`` up to date as `queue-app init` does. ``constants``: others of `migrating`."""
    moment = moment or Moment()
    process = CONTEXT.Process(target=_update, args=(settings, moment, constants), daemon=True)
    process.start()
    try:
        yield Update(process, moment)
    finally:
        process.kill()
        process.join()


def _update(settings: Settings, moment: Moment, constants: dict[str, int]) -> None:
    for name, value in constants.items():
        setattr(migrating, name, value)
    event.listen(Engine, "before_cursor_execute", moment.come_to_statement)
    event.listen(Engine, "commit", moment.come_to_commit)
    try:
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
            prepare(settings)
    except (BackupFailed, migrating.DatabaseUnfit):
        os._exit(REFUSED)
