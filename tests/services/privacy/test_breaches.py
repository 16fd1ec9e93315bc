"""A failure of data protection: recorded with its clock, told once to everybody whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.breaches import BreachedData, InvalidBreach
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.models import Booking, Breach, MessageState, Office, OutboxMessage, Staff
from queue_app.queries.privacy.breaches import calls_of, people_concerned, progress_of
from queue_app.services.privacy import breaches as acts
from queue_app.services.privacy.erasure import erase
from tests.harness.fakes import FRIDAY, MONDAY_MORNING, THURSDAY, FixedClock
from tests.services.conftest import Book

FACTS = acts.BreachFacts(
    happened="Daftar kedatangan tertinggal di ruang tunggu.",
    noticed_at=MONDAY_MORNING - timedelta(hours=2),
    data=(BreachedData.NAME, BreachedData.PHONE),
    first_day=THURSDAY,
    last_day=THURSDAY,
    services=(),
    notice_id="Daftar nama tertinggal pada hari Senin dan diambil kembali.",
    notice_en="A list of names was left behind on Monday and taken back.",
)
ADMINISTRATOR = Actor.staff(1)


@pytest.fixture
def by(office: Office, clock: FixedClock) -> dict[str, object]:
    return {"office_id": office.id, "actor": ADMINISTRATOR, "now": clock.now()}


@pytest.fixture
def breach(session: Session, by: dict) -> Breach:
    breach = acts.record_breach(session, FACTS, **by)
    session.commit()
    return breach


@pytest.fixture
def spread(session: Session, breach: Breach, clock: FixedClock) -> Callable[..., list[int]]:
    """Runs of the job, until nothing is left."""

    def spread(limit: int = 500) -> list[int]:
        counts = []
        while not counts or counts[-1]:
            counts.append(acts.spread(session, breach.id, now=clock.now(), limit=limit))
            session.commit()
        return counts

    return spread


def breach_messages(session: Session) -> list[int]:
    return list(session.scalars(select(OutboxMessage.booking_id).where(OutboxMessage.kind == "breach")))


def test_everybody_concerned_is_told_once_and_nobody_else(
    session: Session, book: Book, breach: Breach, by: dict, spread: Callable[..., list[int]]
) -> None:
    mailed, bare = book(email="siti@contoh.id"), book(window=1, persons=2)
    other_day, gone = book(day=FRIDAY, email="budi@contoh.id"), book(window=0, email="tuti@contoh.id")
    erase(session, gone.tickets[0], actor=CITIZEN, now=by["now"])
    acts.tell(session, breach.id, **by)
    assert spread(limit=1) == [1, 1, 0]
    assert spread() == [0]
    assert breach_messages(session) == [mailed.id]
    assert [notice.booking_id for notice in calls_of(session, breach)] == [bare.id]
    progress = progress_of(session, breach)
    assert (progress.concerned, progress.sent, progress.waiting, progress.to_call) == (2, 0, 1, 1)
    assert breach.spread_at is not None
    assert other_day.id not in breach_messages(session)


def test_whose_message_fails_is_telephoned_and_ticked_once(
    session: Session, book: Book, breach: Breach, by: dict, spread: Callable[..., list[int]], desk: Staff
) -> None:
    book(email="siti@contoh.id")
    acts.tell(session, breach.id, **by)
    spread()
    assert calls_of(session, breach) == []
    message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "breach")).unique().one()
    message.state = MessageState.FAILED
    session.commit()
    (notice,) = calls_of(session, breach)
    call = {"office_id": by["office_id"], "staff_id": desk.id}
    acts.record_told(session, notice.id, **call, now=by["now"])
    acts.record_told(session, notice.id, **call, now=by["now"] + timedelta(hours=1))
    session.expire_all()
    assert notice.called_at == by["now"]
    assert calls_of(session, breach) == []
    with pytest.raises(NotFound):
        acts.record_told(session, notice.id, office_id=by["office_id"] + 1, staff_id=desk.id, now=by["now"])


def test_a_text_that_nobody_has_finished_is_not_sent(session: Session, breach: Breach, by: dict) -> None:
    acts.edit_breach(session, breach.id, replace(FACTS, notice_id="Data: [nama]"), **by)
    with pytest.raises(InvalidBreach) as refusal:
        acts.tell(session, breach.id, **by)
    assert refusal.value.details["reason"] == "template"


def test_after_telling_nothing_is_changed(session: Session, breach: Breach, by: dict) -> None:
    acts.tell(session, breach.id, **by)
    again = acts.tell(session, breach.id, **{**by, "now": by["now"] + timedelta(hours=1)})
    assert again.told_at == by["now"]
    with pytest.raises(InvalidBreach):
        acts.edit_breach(session, breach.id, FACTS, **by)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"happened": "NIK 3314991703050001"}, "personal"),
        ({"notice_id": "  "}, "text"),
        ({"last_day": THURSDAY - timedelta(days=1)}, "dates"),
        ({"noticed_at": MONDAY_MORNING + timedelta(seconds=1)}, "future"),
        ({"data": ()}, "data"),
    ],
)
def test_what_cannot_be_recorded(session: Session, by: dict, change: dict, reason: str) -> None:
    with pytest.raises(InvalidBreach) as refusal:
        acts.record_breach(session, replace(FACTS, **change), **by)
    assert refusal.value.details["reason"] == reason


def test_the_list_names_each_person_with_contact_and_a_masked_nik(
    session: Session, book: Book, breach: Breach, keyring: Keyring
) -> None:
    booking: Booking = book(persons=2, email="siti@contoh.id")
    number = booking.tickets[0].queue_number
    people = list(people_concerned(session, breach, keyring=keyring))
    assert [one.number for one in people] == [f"A-{number:03d}", f"A-{number + 1:03d}"]
    assert {(one.name, one.phone, one.email) for one in people} == {
        ("Siti Wahyuni", "+6281234567890", "siti@contoh.id")
    }
    assert all("••••" in one.nik for one in people)
