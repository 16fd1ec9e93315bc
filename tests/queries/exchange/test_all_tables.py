"""Every table of the database is taken away, or named with the reason why not."""

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.keyring import Keyring
from queue_app.models import Base
from queue_app.queries.exchange import table
from queue_app.queries.exchange.all_tables import OTHERWISE, TABLES
from queue_app.queries.exchange.table import Scope
from tests.harness.factories import make_booking, make_offering, make_office, slots_of
from tests.harness.fakes import THURSDAY, FixedClock

TOLD = {model.__tablename__ for one in TABLES.values() for model in one.models}
SECRETS = ("hash", "token", "secret", "nonce", "digest", "person_index")


def test_every_table_is_taken_away_or_named_with_a_reason() -> None:
    tables = set(Base.metadata.tables)
    assert tables - TOLD == set(OTHERWISE)
    assert all(len(reason) > 10 for reason in OTHERWISE.values())


def test_no_secret_is_in_any_of_them(keyring: Keyring) -> None:
    scope = Scope({1: "Asia/Jakarta"}, keyring)
    for one in TABLES.values():
        found = {column.key for column in one.statement(scope).selected_columns}
        assert not {name for name in found if name and any(secret in name for secret in SECRETS)}, one.name


def test_pages_follow_one_another_and_leave_nobody_out(
    session: Session, keyring: Keyring, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "AT_ONCE", 3)
    office = make_office(session)
    offering = make_offering(session, office, now=clock.now(), capacity=10)
    slot = slots_of(session, offering, THURSDAY)[0]
    codes = [make_booking(session, slot.id, keyring=keyring, now=clock.now()).code for _ in range(7)]
    bookings, scope = TABLES["pemesanan"], Scope({office.id: office.time_zone}, keyring)
    pages = list(bookings.pages(session, scope))
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [row[bookings.columns.index("Kode pemesanan")] for page in pages for row in page] == codes
    assert bookings.count(session, scope) == 7
