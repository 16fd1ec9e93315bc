"""`scripts/bench --only layouts`: other tables than today's, and which of them forget that a person has a ticket."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from queue_app.services.booking import statements
from scripts.benchmarks import layouts
from scripts.benchmarks.bench import QUICK, Bench
from scripts.benchmarks.databases import postgresql
from scripts.benchmarks.layout_tables import LAYOUTS, one_person_once, with_office


def test_the_claim_is_the_products_own_with_one_part_more() -> None:
    today = statements.postgresql_statement()
    changed = one_person_once(with_office(today))
    assert "INSERT INTO active_person" in changed
    assert "created_at, office_id)" in changed
    assert set(today.split()) - set(changed.split()) <= {"created_at)", "(booking_id,", ":now"}


def test_a_statement_that_has_changed_is_noticed() -> None:
    with pytest.raises(LookupError, match="made AS"):
        one_person_once("SELECT 1")


@pytest.mark.slow
@pytest.mark.postgresql
def test_only_partitions_without_a_table_of_persons_forget_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trial itself compares each layout with what is said of it, and notes what is otherwise."""
    monkeypatch.setattr(layouts, "FILLED", 20_000)  # the fewest that are two offices
    with ExitStack() as stack:
        server = stack.enter_context(postgresql(tmp_path))
        bench = Bench(server, tmp_path, replace(QUICK, bookings=16), 1, stack)
        lines = list(layouts.layouts(bench))
    assert bench.faults == []
    assert len(lines) == 3 * len(LAYOUTS) + 4 * (len(LAYOUTS) - 1)
    assert [layout.name for layout in LAYOUTS if layout.forgets_persons] == [
        "32 partitions by office",
        "a partition for each day",
    ]
