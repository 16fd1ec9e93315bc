"""Whatever happens to the file of the turn or to who has it, the next writer gets it."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from queue_app.adapters.measures import WRITER_WAIT
from queue_app.adapters.writers_turn import WritersTurn
from tests.harness.scraping import waits_observed

LONG, SHORT = 30.0, 0.05  # seconds
FIRST, SECOND = object(), object()  # who takes and ends a turn


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "queue.db")


@pytest.fixture
def turn(database: str) -> WritersTurn:
    return WritersTurn(database, patience=SHORT)


def is_free(database: str) -> bool:
    """As another process finds it."""
    file = os.open(f"{database}-turn", os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


@contextmanager
def held_elsewhere(database: str) -> Iterator[None]:
    """By a process that does not go on, as one that was frozen."""
    file = os.open(f"{database}-turn", os.O_RDWR | os.O_CREAT)
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(file)


def in_child(do: Callable[[], bool]) -> bool:
    """What a forked process finds."""
    pid = os.fork()
    if pid == 0:
        answer = 1
        try:
            answer = 0 if do() else 1
        finally:
            os._exit(answer)
    return os.waitpid(pid, 0)[1] == 0


def test_one_after_the_other(turn: WritersTurn, database: str) -> None:
    with turn.taken(by=FIRST):
        assert not is_free(database)
        with pytest.raises(OperationalError, match="locked"):
            turn.take(SECOND)
    assert is_free(database)
    with turn.taken(by=SECOND):
        pass


def test_threads_get_it_in_turn(database: str) -> None:
    turn, inside, most = WritersTurn(database, patience=LONG), 0, 0

    def write() -> None:
        nonlocal inside, most
        for _ in range(50):
            with turn.taken(by=object()):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert (most, is_free(database)) == (1, True)


@pytest.mark.parametrize("kind", [errno.EMFILE, errno.ENOSPC, errno.EACCES])
def test_a_file_that_cannot_be_opened_keeps_nobody_from_writing(
    turn: WritersTurn, kind: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_arguments: Any, **_keywords: Any) -> int:
        raise OSError(kind, os.strerror(kind))

    with monkeypatch.context() as patch:
        patch.setattr("queue_app.adapters.writers_turn.os.open", refuse)
        for _ in range(3):
            with turn.taken(by=FIRST), pytest.raises(OperationalError):
                turn.take(SECOND)  # threads still go one after the other
    assert len(caplog.records) == 1, "said once, not at each turn"
    with turn.taken(by=FIRST):
        pass


def test_a_directory_in_its_place_keeps_nobody_from_writing(turn: WritersTurn, database: str) -> None:
    Path(f"{database}-turn").mkdir()
    for _ in range(2):
        with turn.taken(by=FIRST):
            pass


@pytest.mark.parametrize("call", ["os.open", "fcntl.flock"])
def test_an_interruption_while_it_is_taken_leaves_it_free(
    turn: WritersTurn, database: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: Any, **_keywords: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(f"queue_app.adapters.writers_turn.{call}", interrupt)
        with pytest.raises(KeyboardInterrupt):
            turn.take(FIRST)
    with turn.taken(by=FIRST):
        assert not is_free(database)
    assert is_free(database)


def test_a_frozen_holder_in_another_process_is_not_waited_for_without_end(turn: WritersTurn, database: str) -> None:
    with held_elsewhere(database):
        for _ in range(2):
            with pytest.raises(OperationalError, match="locked"):
                turn.take(FIRST)
    with turn.taken(by=FIRST):
        pass


@pytest.mark.parametrize("another", [False, True])
def test_a_file_that_was_deleted_or_replaced_orders_the_next_ones(
    turn: WritersTurn, database: str, another: bool
) -> None:
    path = Path(f"{database}-turn")
    with turn.taken(by=FIRST):
        path.unlink()
        if another:
            path.touch()
    with turn.taken(by=FIRST):
        assert not is_free(database), "it is the file that others find"
    with held_elsewhere(database), pytest.raises(OperationalError):
        turn.take(FIRST)


def test_a_process_forked_during_a_turn_has_one_of_its_own(turn: WritersTurn, database: str) -> None:
    me = FIRST

    def unwind_and_look() -> bool:
        turn.end(me)  # as by the exit of the block in which it was forked
        kept = not is_free(database)
        with pytest.raises(OperationalError):
            turn.take(me)
        return kept

    turn.take(me)
    assert in_child(unwind_and_look)
    assert not is_free(database)
    turn.end(me)
    assert in_child(lambda: taken_and_given_back(turn))


def test_what_a_forked_process_inherits_does_not_outlive_who_had_it(turn: WritersTurn, database: str) -> None:
    """The holder is killed; a process that it had forked in between lives on."""
    reading, writing = os.pipe()
    holder = os.fork()
    if holder == 0:
        turn.take(FIRST)
        heir = os.fork()
        if heir == 0:
            os.close(writing)
            signal.pause()
        os.write(writing, f"{heir}".encode())
        signal.pause()
    try:
        heir = int(os.read(reading, 20))
        assert not is_free(database)
    finally:
        os.kill(holder, signal.SIGKILL)
        os.waitpid(holder, 0)
    try:
        assert is_free(database)
    finally:
        os.kill(heir, signal.SIGKILL)
        for end in (reading, writing):
            os.close(end)


def taken_and_given_back(turn: WritersTurn) -> bool:
    with turn.taken(by=SECOND):
        return True


def test_sqlites_own_refusal_is_what_it_raises(turn: WritersTurn) -> None:
    with turn.taken(by=FIRST), pytest.raises(OperationalError) as refusal:
        turn.take(SECOND)
    assert isinstance(refusal.value.orig, sqlite3.OperationalError)


def test_each_wait_for_the_turn_is_observed_however_it_ends(turn: WritersTurn, database: str) -> None:
    before = waits_observed(WRITER_WAIT)
    with turn.taken(by=FIRST), pytest.raises(OperationalError):
        turn.take(SECOND)
    with held_elsewhere(database), pytest.raises(OperationalError):
        turn.take(SECOND)
    assert waits_observed(WRITER_WAIT) == before + 3
