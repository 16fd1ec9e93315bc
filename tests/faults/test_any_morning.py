"""An opening rush, closures, changed quotas and `kill -9`, all at once and by chance: nothing promised is lost.

`QUEUE_APP_TEST_SEEDS=20 scripts/test tests/faults/test_any_morning.py` tries twenty mornings on each database.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.concurrency.races import assert_sound, findings
from tests.faults.ledger import compare
from tests.faults.product import Product
from tests.faults.storms import Killer, Office, Storm

SEEDS = int(os.environ.get("QUEUE_APP_TEST_SEEDS", "1"))
CLIENTS = 24
PLACES, HOURS = 20, (8, 9, 10, 11)


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_any_morning(opened: Callable[..., list[int]], trial: Any, product: Product, wish: Any, seed: int) -> None:
    storm = Storm(opened(capacity=PLACES, hours=HOURS), wish, seed)
    over = threading.Event()
    with trial() as running:
        office, killer = Office(running.app, seed), Killer(product, running.server, seed)
        beside = [threading.Thread(target=one.work, args=(over,), daemon=True) for one in (office, killer)]
        with running.crowd.doing(storm.tasks(), CLIENTS):
            for thread in beside:
                thread.start()
        over.set()
        for thread in beside:
            thread.join(60)
            assert not thread.is_alive()
        running.server.wait_until_ready()
        running.crowd.do(storm.ask_again(), CLIENTS)
    account, _stored = compare(running.app, running.crowd.folder)
    assert account.acknowledged
    assert account.acknowledged.keys() | account.refused.keys() == account.sent.keys(), "somebody never got an answer"
    assert not office.failures, office.failures
    assert min(killer.killed["worker"], office.acts) > 0, "hardly a storm"
    print(
        f"seed {seed}: {len(account.sent)} asked, {len(account.acknowledged)} booked, {len(account.cancelled)} gave"
        f" back, {office.acts} acts of the office, killed {killer.killed}, {running.crowd.unanswered} answers lost"
    )
    assert_sound(running.app)


def test_control_without_the_guard_such_a_morning_sells_places_twice(
    opened: Callable[..., list[int]], trial: Any, wish: Any
) -> None:
    storm = Storm(opened(capacity=PLACES, hours=HOURS), wish, seed=1)
    with trial("tests.faults.unguarded") as running:
        running.crowd.do(storm.tasks(), CLIENTS)
    assert "I1" in findings(running.app)
