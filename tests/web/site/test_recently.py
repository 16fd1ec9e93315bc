"""Values that stand on every page: read once in a few seconds, and still there while the database is away."""

from collections.abc import Iterator

import pytest
from flask import Flask, g
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_app.web.site.recently import LIFE, Recently

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Source:
    """Tells one value after the other; None where nothing is stored, an error where the database is away."""

    def __init__(self, *values: str | None | Exception) -> None:
        self.values = iter(values)
        self.asked = 0

    def read(self, _session: Session) -> str | None:
        self.asked += 1
        value = next(self.values)
        if isinstance(value, Exception):
            raise value
        return value


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def away() -> OperationalError:
    return OperationalError("SELECT 1", {}, Exception("the database is away"))


@pytest.mark.usefixtures("asked")
def test_it_is_read_once_in_a_few_seconds() -> None:
    at, source = [0.0], Source("a", "b", "c")
    recently = Recently("first", source.read, now=lambda: at[0])
    assert [recently.present(), recently.present()] == ["a", "a"]
    at[0] = LIFE
    assert recently.present() == "b"
    recently.forget()
    assert (recently.present(), source.asked) == ("c", 3)


@pytest.mark.usefixtures("asked")
def test_the_last_value_stays_where_nothing_can_be_read() -> None:
    at, source = [0.0], Source(None, "a", away(), None)
    recently = Recently("first", source.read, now=lambda: at[0])
    told = []
    for _look in range(4):
        told.append(recently.present())
        at[0] += LIFE
    assert told == ["first", "a", "a", "a"]
    g.database_away = True  # then nobody waits for it once more
    assert (recently.present(), source.asked) == ("a", 4)
