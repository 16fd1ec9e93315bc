"""Going back to a page of the counter and choosing something else there is another press, not the same."""

from __future__ import annotations

import re

from queue_app.domain.visits import Outcome
from tests.harness.at_counters import Officer, arrive, visit_of
from tests.harness.office import World


def test_another_outcome_from_an_old_page_is_refused_and_said(officer: Officer, world: World) -> None:
    ticket = arrive(world)
    officer.presses("p", "m")
    nonce = re.search(r'name="nonce" value="([^"]+)"', officer.shown).group(1)
    address = f"/loket/{ticket.id}/selesai"
    for outcome, told in (("done", False), ("done", False), ("refused", True)):
        officer.visitor.post(address, {"nonce": nonce, "outcome": outcome})
        assert ("sudah berubah" in officer.look()) is told
    assert visit_of(world, ticket).outcome is Outcome.DONE
