"""Statements that travel together: one that fails undoes all of them, and leaves a connection that can be used on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from queue_app.db import claiming
from queue_app.services.booking.driver import execute, fetch_all, fetch_each

INSERT = "INSERT INTO scratch VALUES (:number) RETURNING number"
OFTEN = 12  # statements, more than psycopg waits for before it prepares one


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    with app.app_context(), claiming() as connection:
        execute(connection, "CREATE TEMPORARY TABLE scratch (number INTEGER UNIQUE)")
        yield connection
        execute(connection, "DROP TABLE scratch")


def numbers(connection: Connection) -> list[int]:
    return [number for (number,) in execute(connection, "SELECT number FROM scratch ORDER BY number").fetchall()]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_when_one_fails_all_are_undone_and_the_connection_is_as_good_as_before(connection: Connection) -> None:
    """psycopg takes those for prepared that came after the one that failed, and never reached the database."""
    assert fetch_each(connection, INSERT, [{"number": 1}]) == [[(1,)]]
    for _ in range(3):
        with pytest.raises(IntegrityError):
            fetch_each(connection, INSERT, [{"number": number} for number in (1, *range(2, OFTEN))])
        assert numbers(connection) == [1]
    assert fetch_each(connection, INSERT, [{"number": 20 + n} for n in range(OFTEN)]) == [
        [(20 + n,)] for n in range(OFTEN)
    ]
    prepared = execute(connection, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%%'")
    assert prepared.fetchone() == (1,)


def test_different_statements_give_their_rows_in_order(connection: Connection) -> None:
    wanted = [(INSERT, {"number": 5}), ("SELECT count(*) FROM scratch", {}), (INSERT, {"number": 6})]
    assert [[tuple(row) for row in rows] for rows in fetch_all(connection, wanted)] == [[(5,)], [(1,)], [(6,)]]
