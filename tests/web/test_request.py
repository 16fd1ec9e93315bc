"""The surroundings that every view asks for."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from flask import Flask, g
from sqlalchemy.orm import Session

from queue_app.domain.errors import RepeatedRequest
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.web.request import actor, stored_once, today
from tests.harness.fakes import FixedClock


def losing(times: int) -> tuple[list[Session], Callable[[Session], str]]:
    """What it was called with, and an action that finds its request being stored so often."""
    asked: list[Session] = []

    def act(session: Session) -> str:
        asked.append(session)
        if len(asked) <= times:
            raise RepeatedRequest()
        return "stored"

    return asked, act


def test_a_request_that_is_being_stored_is_looked_for_once_more(app: Flask, session: Session) -> None:
    with app.test_request_context():
        asked, act = losing(1)
        assert stored_once(act) == "stored"
        assert len(asked) == 2


def test_after_the_second_time_it_is_refused(app: Flask, session: Session) -> None:
    asked, act = losing(2)
    with app.test_request_context(), pytest.raises(RepeatedRequest):
        stored_once(act)
    assert len(asked) == 2


def test_whoever_asks_is_named_as_in_the_audit_log(app: Flask) -> None:
    with app.test_request_context():
        assert actor() == CITIZEN
        g.partner = None  # a ticket's token instead of a key
        assert actor() == CITIZEN
        g.partner = SimpleNamespace(actor=Actor.api_key(3))
        assert actor() == Actor.api_key(3)
    with app.test_request_context():
        g.device = SimpleNamespace(actor=Actor.device(4))
        assert actor() == Actor.device(4)
    with app.test_request_context():
        g.staff = SimpleNamespace(staff_id=5)
        assert actor() == Actor.staff(5)


@pytest.mark.parametrize("who", ["staff", "device"])
def test_today_is_the_date_at_the_office_of_who_asks(app: Flask, clock: FixedClock, who: str) -> None:
    clock.advance(hours=-clock.now().hour + 23)  # 23.00 UTC is the next morning in all of Indonesia
    with app.test_request_context():
        setattr(g, who, SimpleNamespace(time_zone="Asia/Makassar"))
        assert (today() - clock.now().date()).days == 1
