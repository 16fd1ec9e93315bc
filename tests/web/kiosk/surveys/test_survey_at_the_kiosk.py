"""The survey at the kiosk: scan, nine touches, and nothing left for the next person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from queue_app.domain.surveys import Element, SurveyChannel
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import SurveyAnswer, Ticket
from tests.harness.at_counters import arrive, visit_of
from tests.harness.fakes import FixedClock
from tests.harness.office import World
from tests.web.citizen import text_of
from tests.web.kiosk.touch import START, Kiosk

SCAN, QUESTIONS = f"{START}/survei", f"{START}/survei/isi"
ALL = {element.value: "3" for element in Element}


@pytest.fixture
def served(world: World) -> Ticket:
    ticket = arrive(world)
    visit = visit_of(world, ticket)
    visit.state, visit.outcome = VisitState.SERVED, Outcome.DONE
    world.session.commit()
    return ticket


def test_a_scanned_ticket_is_judged_once(kiosk: Kiosk, world: World, served: Ticket) -> None:
    token = world.keyring.ticket_token(served.id)
    page = kiosk.send(SCAN, code=token)
    assert page.request.path == QUESTIONS
    assert page.text.count('type="radio"') == 36
    assert token not in page.text
    assert "Terima kasih" in text_of(kiosk.send(QUESTIONS, **ALL).text)
    (row,) = world.afresh().scalars(select(SurveyAnswer))
    assert (row.channel, row.cost) == (SurveyChannel.KIOSK, 3)
    assert "Kunjungan ini sudah dinilai" in text_of(kiosk.send(SCAN, code=token).text)


def test_the_booking_code_does_as_well(kiosk: Kiosk, served: Ticket) -> None:
    assert kiosk.send(SCAN, code=served.booking.code).request.path == QUESTIONS


def test_what_was_touched_is_kept_when_one_is_missing(kiosk: Kiosk, world: World, served: Ticket) -> None:
    kiosk.send(SCAN, code=world.keyring.ticket_token(served.id))
    page = kiosk.send(QUESTIONS, **{**ALL, "cost": "9"})
    assert "Sentuh satu jawaban pada setiap pertanyaan." in page.text
    assert page.text.count(" checked") == 8


def test_nothing_stays_for_the_next_person(kiosk: Kiosk, world: World, served: Ticket, clock: FixedClock) -> None:
    token = world.keyring.ticket_token(served.id)
    kiosk.send(SCAN, code=token)
    kiosk.get(START)
    assert kiosk.get(QUESTIONS).location == START
    kiosk.send(SCAN, code=token)
    clock.advance(minutes=11)
    assert kiosk.get(QUESTIONS).location == START
    assert kiosk.client.post(QUESTIONS, data={**kiosk.hidden(SCAN), **ALL}).location == START


@pytest.mark.parametrize("code", ["7KX92MQA", "x", ""])
def test_what_is_no_ticket_is_told(kiosk: Kiosk, code: str) -> None:
    text = text_of(kiosk.send(SCAN, code=code).text)
    assert ("Tiket tidak dikenal di kantor ini" in text) == bool(code)


def test_before_the_service_it_is_too_early(kiosk: Kiosk, world: World) -> None:
    ticket = arrive(world)
    text = text_of(kiosk.send(SCAN, code=world.keyring.ticket_token(ticket.id)).text)
    assert "Survei dibuka sesudah Anda dilayani" in text
