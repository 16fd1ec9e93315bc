"""Nothing lives in a session of PostgreSQL: behind a pooler the next transaction may meet another one."""

import re

import pytest

from tests.harness.source import ROOT

OF_A_SESSION = re.compile(
    r"pg_(?:try_)?advisory_(?:un)?lock|\bLISTEN\s+\w|\bNOTIFY\s+\w|\bCREATE\s+TEMP|\bWITH\s+HOLD\b|\bset_config\("
    r"""|["']SET\s+(?!LOCAL\b)|["']PREPARE\s+\w|["']options["']\s*:\s*["']-c""",
)


def test_nothing_lasts_longer_than_a_transaction() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in sorted((ROOT / "queue_app").rglob("*.py"))
        for match in OF_A_SESSION.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        "LISTEN news",
        "CREATE TEMP TABLE x (y int)",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        'execute("SET lock_timeout = 5")',
    ],
)
def test_control_what_would_be_found(statement: str) -> None:
    assert OF_A_SESSION.search(statement)


@pytest.mark.parametrize("statement", ['execute("SET LOCAL lock_timeout = 5")', "UPDATE slot SET booked = 1"])
def test_control_what_is_allowed(statement: str) -> None:
    assert not OF_A_SESSION.search(statement)
