"""An update that is killed anywhere has not happened, or has happened whole; the next start finishes it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from queue_app.config import Settings
from tests.harness.backups import empty_place, postgresql_programs
from tests.upgrades.stored import OLDER, Rows, Stored, rows_in, schema_of
from tests.upgrades.updating import Moment, updating

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("stored", OLDER, indirect=True)]
# Between any two statements, or between some of them, among these the last ones before and after the commit.
EVERY_MOMENT = os.environ.get("QUEUE_APP_TEST_LONG") == "1"
SPREAD, LAST = 8, 4
OWN = {"key_check"}  # tables that are new, and filled by the first start


def test_killed_at_any_moment(stored: Stored, settings: Settings, tmp_path: Path) -> None:
    stored.put_keys(settings.keys_file)
    with place(stored, settings, tmp_path) as whole:
        before, old_schema = rows_in(whole.database_url), schema_of(whole.database_url)
        moment = Moment()
        with updating(whole, moment) as update:
            assert update.ends() == 0
        after, new_schema = rows_in(whole.database_url), schema_of(whole.database_url)
        total = moment.reached.value
    assert total > 100
    inside = 0
    for number in moments(total):
        with place(stored, settings, tmp_path) as struck:
            with updating(struck, Moment(number)) as update:
                assert update.ends() == -signal.SIGKILL, number
            found = rows_in(struck.database_url)
            if schema_of(struck.database_url) == old_schema:
                assert found == before, number
                inside += 1
            else:
                assert schema_of(struck.database_url) == new_schema, number
                assert without_own(found) == without_own(after), number
            with updating(struck) as update:
                assert update.ends() == 0, number
            assert without_own(rows_in(struck.database_url)) == without_own(after), number
            assert schema_of(struck.database_url) == new_schema, number
    assert 0 < inside < len(moments(total))


def moments(total: int) -> list[int]:
    if EVERY_MOMENT:
        return list(range(1, total + 1))
    return sorted({*range(1, total, total // SPREAD), *range(total - LAST, total + 1)})


def without_own(rows: Rows) -> Rows:
    return {table: rows[table] for table in rows.keys() - OWN}


@contextmanager
def place(stored: Stored, settings: Settings, folder: Path) -> Iterator[Settings]:
    """The released data once more, untouched."""
    with empty_place(settings, folder) as made:
        stored.load(made.url)
        yield replace(
            settings,
            instance=made.instance,
            database_url=made.url,
            backup=True,
            postgresql_programs=postgresql_programs(),
        )
