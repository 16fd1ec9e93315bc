"""What one scan at the desk asks of the database: few statements, however many people are in the hall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from queue_app.db import db
from queue_app.services.booking import driver
from tests.harness.office import NONCE, TODAY, Visitor, World

MOST = 8
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")


@pytest.fixture
def statements(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Collects what the block sends to the database, past SQLAlchemy too, without begin and end of transactions."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        heard: list[str] = []

        def hear(sql: str) -> None:
            if not sql.strip().startswith(TRANSACTION):
                heard.append(sql)

        def hear_sqlalchemy(_connection: Any, _cursor: Any, sql: str, *_more: Any) -> None:
            hear(sql)

        def hear_driver(connection: Any, sql: str, values: Any = None) -> Any:
            hear(sql)
            return execute(connection, sql, values)

        execute = driver.execute
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", hear_sqlalchemy)
        try:
            with monkeypatch.context() as patch:
                for module in ("arrivals.admission", "booking.driver"):
                    patch.setattr(f"queue_app.services.{module}.execute", hear_driver)
                yield heard
        finally:
            event.remove(engine, "before_cursor_execute", hear_sqlalchemy)

    return listening


def test_a_scan_is_few_statements(desk: Visitor, world: World, statements: Any) -> None:
    first, second, again = (world.token(world.book(TODAY, hour)) for hour in (8, 9, 9))
    results = []
    for number, token in enumerate((first, second, again)):
        with statements() as heard:
            answer = desk.post_json("/meja/pindai", {"code": token, "nonce": f"{NONCE}{number}"})
        results.append(answer.json["result"])
    assert results == ["checked_in"] * 3
    assert 1 < len(heard) <= MOST, heard
    with statements() as heard:
        answer = desk.post_json("/meja/pindai", {"code": second, "nonce": f"{NONCE}9"})
    assert answer.json["scan_id"], "triggered twice: the first answer again"
    assert len(heard) <= MOST, heard
