"""Requests with their clock: one for each person and kind while it is open, answered once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.data_rights import ANSWER_WITHIN, RequestAnswered, RequestKind, RequestProof, RequestState
from queue_app.domain.errors import ReasonRequired
from queue_app.domain.roles import CITIZEN, Actor
from queue_app.models import Booking, DataRequest
from queue_app.queries.privacy.requests import requests_at
from queue_app.services.privacy.requests import answer, done_at_once, receive
from tests.harness.fakes import FixedClock
from tests.services.conftest import Book

OFFICER = Actor.staff(1)
DOCUMENT = {"proof": RequestProof.DOCUMENT, "actor": OFFICER}
UNPROVED = {"proof": RequestProof.NONE, "actor": CITIZEN}


@pytest.fixture
def request_(session: Session, booked: Booking, clock: FixedClock) -> DataRequest:
    return receive(session, booked.tickets[0], RequestKind.DELETE, **UNPROVED, now=clock.now())


def test_the_clock_is_three_times_twenty_four_hours(session: Session, request_: DataRequest, clock: FixedClock) -> None:
    assert request_.due_at - request_.received_at == timedelta(hours=72)

    def overdue() -> bool:
        (line,) = requests_at(session, request_.office_id, now=clock.now())
        return line.overdue

    clock.advance(seconds=ANSWER_WITHIN.total_seconds() - 1)
    assert not overdue()
    clock.advance(seconds=1)
    assert overdue()
    answer(session, request_, RequestState.DONE, **DOCUMENT, now=clock.now())
    assert not overdue()


def test_asked_again_it_is_the_open_one_and_its_clock_goes_on(
    session: Session, booked: Booking, request_: DataRequest, clock: FixedClock
) -> None:
    again = receive(session, booked.tickets[0], RequestKind.DELETE, **UNPROVED, now=clock.advance(hours=5))
    other = receive(session, booked.tickets[0], RequestKind.COPY, **UNPROVED, now=clock.now())
    assert again.id == request_.id
    assert again.due_at == request_.received_at + ANSWER_WITHIN
    assert other.id != request_.id


def test_a_refusal_says_why(session: Session, request_: DataRequest, clock: FixedClock, audited) -> None:
    for reason in ("", "NIK 3314991703050001"):
        with pytest.raises(ReasonRequired):
            answer(session, request_, RequestState.REFUSED, **DOCUMENT, now=clock.now(), reason=reason)
    answer(session, request_, RequestState.REFUSED, **DOCUMENT, now=clock.now(), reason="Bukan orangnya")
    assert (request_.state, request_.reason) == (RequestState.REFUSED, "Bukan orangnya")
    session.flush()
    entry = audited()[-1]
    assert (entry.action, entry.reason, entry.actor) == ("data.answered", "Bukan orangnya", "staff:1")


def test_it_is_answered_once(session: Session, request_: DataRequest, clock: FixedClock) -> None:
    answer(session, request_, RequestState.DONE, **DOCUMENT, now=clock.now())
    with pytest.raises(RequestAnswered):
        answer(session, request_, RequestState.REFUSED, **DOCUMENT, now=clock.now(), reason="Bukan orangnya")


def test_what_is_done_at_once_answers_what_was_open(
    session: Session, booked: Booking, request_: DataRequest, clock: FixedClock
) -> None:
    done = done_at_once(session, booked.tickets[0], RequestKind.DELETE, **DOCUMENT, now=clock.advance(hours=1))
    assert (done.id, done.state, done.proof) == (request_.id, RequestState.DONE, RequestProof.DOCUMENT)
    later = done_at_once(session, booked.tickets[0], RequestKind.DELETE, **DOCUMENT, now=clock.advance(hours=1))
    assert later.id != request_.id


def test_the_list_has_the_most_urgent_first_and_the_answered_last(
    session: Session, book: Book, booked: Booking, request_: DataRequest, clock: FixedClock
) -> None:
    clock.advance(hours=1)
    done = done_at_once(session, booked.tickets[0], RequestKind.COPY, **DOCUMENT, now=clock.now())
    later = receive(session, book().tickets[0], RequestKind.COPY, **UNPROVED, now=clock.now())
    lines = requests_at(session, request_.office_id, now=clock.now())
    assert [line.request.id for line in lines] == [request_.id, later.id, done.id]
    assert requests_at(session, request_.office_id + 1, now=clock.now()) == ()
