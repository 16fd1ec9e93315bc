"""`queue-app serve`: the first start makes everything, the second changes nothing, Ctrl-C ends all of it."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from queue_app.models import Base
from tests.harness.serving import cpu_seconds, serving

pytestmark = pytest.mark.slow

# Seconds, the promise to people who try it; of processor time, because a test cannot know what else a machine is doing.
SECOND_START = 3


def test_start_twice_and_end(database_url: str, tmp_path: Path) -> None:
    command = tmp_path / "data", tmp_path / "output", "--demo-if-empty"
    with serving(*command, QUEUE_APP_DATABASE_URL=database_url) as first:
        children = first.children
        assert set(children) > set(first.workers), "the scheduler runs beside the web server"
        assert "/admin-pertama/" in first.output.read_text()
    assert not any(_alive(child) for child in children)
    keys = tmp_path / "data" / "keys.json"
    assert keys.stat().st_mode & 0o777 == 0o600
    before = (keys.read_bytes(), _offices_and_bookings(database_url))
    assert all(before[1].values())

    with serving(*command, QUEUE_APP_DATABASE_URL=database_url) as again:
        assert cpu_seconds(again.process.pid) < SECOND_START
    assert (keys.read_bytes(), _offices_and_bookings(database_url)) == before


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _offices_and_bookings(url: str) -> dict[str, int]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {
                table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0
                for table in ("office", "service", "booking", "ticket")
                if table in Base.metadata.tables
            }
    finally:
        engine.dispose()
