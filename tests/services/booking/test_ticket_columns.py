"""The columns of a ticket are listed once: what books, what moves, and both databases' statements follow the list."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from queue_app.models import Ticket
from queue_app.services.booking import claim, statements
from queue_app.services.booking import request as booking
from queue_app.services.booking.change import reschedule
from tests.harness.fakes import FRIDAY, FixedClock
from tests.services.conftest import Book, Slots

LATER = {"id", "replaced_by_id", "open_until"}  # the database's own, and what is written afterwards
STATEMENTS = (statements.postgresql_statement, statements.insert_statement)


@dataclass(frozen=True, repr=False)
class NotedPerson(claim.NewPerson):
    note: str = "Membawa tongkat"


def test_every_column_of_a_ticket_has_one_source() -> None:
    listed = statements.columns()
    assert len(listed) == len(set(listed))
    assert set(listed) == set(Ticket.__table__.c.keys()) - LATER
    assert tuple(field.name for field in fields(claim.NewPerson)) == statements.OF_PERSON


@pytest.fixture
def noted(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A ticket has one column more, as if somebody had just added it to the table and to the list."""
    session.execute(text("ALTER TABLE ticket ADD COLUMN note VARCHAR"))
    session.commit()
    known = statements.type_of
    monkeypatch.setattr(statements, "OF_PERSON", (*statements.OF_PERSON, "note"))
    monkeypatch.setattr(statements, "type_of", lambda column: "VARCHAR" if column == "note" else known(column))
    monkeypatch.setattr(booking, "NewPerson", NotedPerson)
    for statement in STATEMENTS:
        statement.cache_clear()
    yield
    for statement in STATEMENTS:
        statement.cache_clear()
    session.rollback()
    session.execute(text("ALTER TABLE ticket DROP COLUMN note"))
    session.commit()


@pytest.mark.usefixtures("noted")
def test_a_column_is_added_in_one_place(session: Session, book: Book) -> None:
    book(persons=2)
    assert session.scalars(text("SELECT note FROM ticket")).all() == ["Membawa tongkat"] * 2


def test_who_moves_takes_all_their_columns_along(session: Session, book: Book, slots: Slots, clock: FixedClock) -> None:
    booking_id = book(persons=2).id
    reschedule(session, booking_id, slots(FRIDAY)[0].id, now=clock.now())
    tickets = session.scalars(select(Ticket).order_by(Ticket.position, Ticket.id)).all()
    for old, new in (tickets[:2], tickets[2:]):
        assert old.replaced_by_id == new.id
        assert [getattr(new, name) for name in statements.OF_PERSON] == [
            getattr(old, name) for name in statements.OF_PERSON
        ]
