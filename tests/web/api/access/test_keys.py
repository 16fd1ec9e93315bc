"""Keys: what they open, how long a withdrawn one lives, and limits that hold over all processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.db import db, unit_of_work
from queue_app.domain.api_keys import PREFIX, Scope, hash_key
from queue_app.domain.errors import TooManyRequests
from queue_app.models import ApiKey, ApiKeyUse
from queue_app.services.access import api_keys
from queue_app.services.access.api_keys import Partner
from tests.concurrency.races import Meeting, together
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import TOMORROW, World
from tests.web.api.program import PERSON, Program

BOOK = {"applicant": PERSON}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "no_api_key"),
        ({"Authorization": ""}, "wrong_api_key"),
        ({"Authorization": "Basic dXNlcjpwYXNz"}, "wrong_api_key"),
        ({"Authorization": "Bearer"}, "wrong_api_key"),
        ({"Authorization": f"Bearer {PREFIX}{'0' * 48}"}, "wrong_api_key"),
        ({"Authorization": "Bearer \xff' OR 1=1"}, "wrong_api_key"),
        ({"Ticket-Token": "0" * 34}, "no_api_key"),
    ],
)
def test_without_a_key_nothing_is_booked(anybody: Program, world: World, header: dict[str, str], code: str) -> None:
    answer = anybody.post(f"/slots/{world.slot(TOMORROW).id}/bookings", BOOK, **header)
    assert (answer.status_code, answer.json["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert world.slot(TOMORROW).booked == 0


def test_a_scope_opens_its_own_doors_only(client: FlaskClient, world: World, make_key: Callable[..., str]) -> None:
    desk = Program(client, make_key("desk", Scope.CHECK_INS_WRITE))
    answer = desk.book(world.slot(TOMORROW).id)
    assert (answer.status_code, answer.json["code"], answer.json["scope"]) == (403, "missing_scope", "bookings:write")
    bot = Program(client, make_key("bot", Scope.BOOKINGS_WRITE))
    answer = bot.post("/check-ins", {"token": "x", "office": "sragen", "nonce": "nonce-001"})
    assert (answer.status_code, answer.json["scope"]) == (403, "check-ins:write")


def test_the_cookie_of_staff_opens_nothing(client: FlaskClient, anybody: Program, world: World) -> None:
    client.set_cookie("staff_session", "x")
    assert anybody.book(world.slot(TOMORROW).id).status_code == 401


def test_a_revoked_key_is_void_within_five_seconds(
    session: Session, program: Program, world: World, clock: FixedClock
) -> None:
    assert program.get("/bookings/00000000").status_code == 404
    session.rollback()
    api_keys.revoke(session, "bot", actor=TESTER, now=clock.now())
    session.commit()
    clock.advance(seconds=4.9)
    assert program.get("/bookings/00000000").status_code == 404, "remembered"
    clock.advance(seconds=0.1)
    assert program.get("/bookings/00000000").json["code"] == "wrong_api_key"


def test_only_a_hash_is_stored(session: Session, make_key: Callable[..., str]) -> None:
    key = make_key("bot")
    row = session.scalars(select(ApiKey)).one()
    assert row.key_hash == hash_key(key)
    assert key not in {str(value) for value in vars(row).values()}
    assert key.startswith(row.shown)
    assert len(row.shown) < 12


def test_a_limit_and_when_it_ends(
    client: FlaskClient, world: World, make_key: Callable[..., str], clock: FixedClock
) -> None:
    program = Program(client, make_key("bot", limit=3))
    clock.advance(seconds=18)
    assert [program.get("/bookings/00000000").status_code for _ in range(4)] == [404, 404, 404, 429]
    refused = program.book(world.slot(TOMORROW).id)
    assert (refused.status_code, refused.json["code"], refused.json["retry_after"]) == (429, "too_many_requests", 42)
    assert refused.headers["Retry-After"] == "42"
    assert world.slot(TOMORROW).booked == 0
    clock.advance(seconds=42)
    assert program.book(world.slot(TOMORROW).id).status_code == 201


def test_reading_what_is_public_counts_for_nobody(
    client: FlaskClient, world: World, make_key: Callable[..., str]
) -> None:
    program = Program(client, make_key("bot", limit=1))
    assert {program.get("/offices").status_code for _ in range(3)} == {200}
    assert program.get("/bookings/00000000").status_code == 404


def limited(app: Flask, session: Session, limit: int) -> Partner:
    key = api_keys.create(
        session, name="bot", scopes=tuple(Scope), limit_per_minute=limit, actor=TESTER, now=MONDAY_MORNING
    )
    session.commit()
    partner = api_keys.recognise(session, key)
    session.rollback()
    assert partner is not None
    return partner


def test_thirty_at_once_and_a_limit_of_ten(app: Flask, session: Session, clock: FixedClock) -> None:
    partner = limited(app, session, 10)
    for minute in (1, 2):
        outcomes = together(app, *(lambda used: api_keys.count_use(used, partner, now=clock.now()) for _ in range(30)))
        assert Counter(outcome.code for outcome in outcomes) == {None: 10, "too_many_requests": 20}, minute
        clock.advance(minutes=1)


def test_control_reading_before_counting_lets_more_through(app: Flask, session: Session, clock: FixedClock) -> None:
    partner, meeting = limited(app, session, 2), Meeting(6)
    with app.app_context(), unit_of_work() as used:
        api_keys.count_use(used, partner, now=clock.now())

    def read_then_count(used: Session) -> None:
        row = used.get_one(ApiKeyUse, partner.key_id, populate_existing=True)
        if row.used >= 2:
            raise TooManyRequests(retry_after=60)
        meeting.wait(used)
        row.used += 1
        used.flush()

    outcomes = together(app, *(read_then_count for _ in range(6)), unguarded=True)
    assert sum(outcome.won for outcome in outcomes) > 1
    with app.app_context():
        assert db.session().scalars(select(ApiKeyUse.used)).one() <= 3, "and they count themselves wrong"


def test_clocks_that_differ_do_not_start_the_count_afresh(app: Flask, session: Session, clock: FixedClock) -> None:
    partner = limited(app, session, 2)
    behind = clock.now()
    for now in (clock.advance(minutes=1), behind):
        api_keys.count_use(session, partner, now=now)
    for now in (clock.now(), behind):
        with pytest.raises(TooManyRequests):
            api_keys.count_use(session, partner, now=now)
    api_keys.count_use(session, partner, now=clock.advance(days=-1))  # a clock that was wrong is forgotten
