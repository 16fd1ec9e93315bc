"""Ten thousand hostile requests by everybody to everything: never a failure of ours, and always words."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from flask import Flask

from queue_app.domain.roles import Role
from tests.concurrency.races import assert_sound
from tests.web.attackers import Attacker, report
from tests.web.counter_forms import counter_forms, offered_pages, waiting_pages
from tests.web.crawling import crawl
from tests.web.forms.conftest import each_share
from tests.web.found_forms import Form
from tests.web.hostile import hostile_paths, query_names
from tests.web.hostile_requests import METHODS, Malice

HOSTILE = 10_000
SHARES = 2  # on two workers
ON_POSTGRESQL = 1000


@pytest.mark.slow
@each_share(SHARES, HOSTILE, ON_POSTGRESQL)
def test_ten_thousand_hostile_requests(
    app: Flask, attackers: list[Attacker], partner: Attacker, share: int, requests: int
) -> None:
    chance = random.Random(share)
    (officer,) = (attacker for attacker in attackers if attacker.role is Role.COUNTER)
    keys = counter_forms(officer.send)
    everybody = {
        attacker: malice_of(app, attacker, chance, keys if attacker is officer else []) for attacker in attackers
    }
    program = Malice(
        [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")], [], ["from"], share
    )
    before = sum(attacker.turn for attacker in (*attackers, partner))
    every_way = itertools.product(hostile_paths(app, chance), METHODS)  # in, first of all, and then at random
    plan = list(itertools.islice(every_way, share % SHARES, None, SHARES))[: requests // 2]
    for method, address in plan:
        attacker = chance.choice(attackers)
        made = everybody[attacker].by(method, address)
        attacker.send(made.method, made.address, made.body, made.kind, **made.headers)
    for _ in range(requests - len(plan)):
        if chance.random() < 0.15:
            attacker, made = partner, program.request(programs_only=True)
        else:
            attacker = chance.choice(attackers)
            made = everybody[attacker].request()
        attacker.send(made.method, made.address, made.body, made.kind, **made.headers)
    assert sum(attacker.turn for attacker in (*attackers, partner)) - before == requests
    assert not partner.failures, report(partner.failures)
    answered = sum((attacker.answered for attacker in (*attackers, partner)), Counter[int]())
    assert answered.keys() >= {200, 303, 400, 401, 404, 405, 413, 422}, "some doors were not tried"
    assert_sound(app)


def malice_of(app: Flask, attacker: Attacker, chance: random.Random, known: list[Form]) -> Malice:
    """Against all routes, and the pages and forms that this one finds."""
    more = waiting_pages(app) + offered_pages(app) if attacker.role is None else []
    forms, addresses = crawl(attacker, 1, *more)
    names = {name for address in addresses for name in query_names(address)} | {"lang", "next", "hari"}
    return Malice([*addresses, *hostile_paths(app, chance)], [*known, *forms], sorted(names), chance.randrange(10**6))
