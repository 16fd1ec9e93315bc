"""Two offices want one address at the same moment, and one leaves it while another takes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from queue_app.db import db
from queue_app.models import FormerAddress, Office
from queue_app.services.setup import addresses
from queue_app.services.setup.addresses import change_address
from queue_app.services.setup.offices import NewOffice, create_office
from tests.concurrency.conftest import Place
from tests.concurrency.races import Interruption, Step, assert_sound, together
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock

Opened = Callable[..., Place]


def moving(place: Place, slug: str, clock: FixedClock) -> Step:
    by = {"reason": "Percobaan", "actor": TESTER, "now": clock.now()}
    return lambda session: change_address(session, place.office_id, slug, **by)


def making(slug: str, clock: FixedClock) -> Step:
    office = NewOffice(f"Kantor {slug}", "Asia/Jakarta", slug=slug)
    return lambda session: create_office(session, office, actor=TESTER, now=clock.now()).id


def leads_twice(app: Flask) -> set[str]:
    """Addresses of one office that lead to another one."""
    with app.app_context():
        session = db.session()
        return set(session.scalars(select(Office.slug))) & set(session.scalars(select(FormerAddress.slug)))


def test_an_address_goes_to_one_office(app: Flask, opened: Opened, clock: FixedClock) -> None:
    places = [opened(slug) for slug in ("satu", "dua", "tiga")]
    outcomes = together(app, *(moving(place, "baru", clock) for place in places), making("baru", clock))
    assert Counter(outcome.code for outcome in outcomes) == {None: 1, "invalid_setup": 3}
    with app.app_context():
        assert db.session().scalars(select(Office.slug)).all().count("baru") == 1
    assert_sound(app)


@pytest.fixture
def without_constraint(app: Flask) -> Iterator[None]:
    """The addresses are made different again before it comes back."""
    with app.app_context():
        engine = db.engine
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE office DROP CONSTRAINT uq_office_slug"))
    yield
    with engine.begin() as connection:
        connection.execute(text("UPDATE office SET slug = slug || id"))
        connection.execute(text("ALTER TABLE office ADD CONSTRAINT uq_office_slug UNIQUE (slug)"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # a table of SQLite keeps its constraints
@pytest.mark.usefixtures("without_constraint")
def test_control_without_the_constraint_two_offices_have_one_address(
    app: Flask, opened: Opened, clock: FixedClock
) -> None:
    places = [opened(slug) for slug in ("satu", "dua")]
    outcomes = together(app, *(moving(place, "baru", clock) for place in places))
    assert all(outcome.won for outcome in outcomes)
    with app.app_context():
        assert db.session().scalars(select(Office.slug)).all() == ["baru", "baru"]


def test_an_address_that_is_left_meanwhile_is_not_taken(app: Flask, opened: Opened, clock: FixedClock) -> None:
    """Whichever is first: its office has it still, or it leads there."""
    leaving, taking = opened("satu"), opened("dua")
    left, taken = together(app, moving(leaving, "baru", clock), moving(taking, "satu", clock))
    assert (left.won, taken.code) == (True, "invalid_setup")
    assert leads_twice(app) == set()
    assert_sound(app)


def test_control_looked_for_before_the_claim_it_leads_to_two(
    app: Flask, opened: Opened, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving, taking = opened("satu"), opened("dua")
    between = Interruption(app, moving(leaving, "baru", clock))
    looked = addresses._refuse_if_kept

    def before(session: object, office: Office) -> None:
        with session.no_autoflush:  # type: ignore[attr-defined]  # a Session
            between.after(looked)(session, office.slug, office.id)
        session.flush()  # type: ignore[attr-defined]  # a Session

    monkeypatch.setattr(addresses, "claim_address", before)
    (taken,) = together(app, moving(taking, "satu", clock))
    assert (taken.won, between.outcome.won) == (True, True)
    assert leads_twice(app) == {"satu"}
