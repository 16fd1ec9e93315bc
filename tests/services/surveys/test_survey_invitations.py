"""Who was served today is asked once by mail, from five o'clock on, where the office wants it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.reminders import MessageKind
from queue_app.jobs.registry import run_job
from queue_app.models import MessageState, Office, OutboxMessage, SurveyMark
from queue_app.services.surveys.asking import ask_by_message
from queue_app.services.surveys.invitations import queue_invitations
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.hall import EIGHT
from tests.services.surveys.conftest import Served

FIVE = EIGHT + timedelta(hours=9)


def asked(session: Session) -> list[int]:
    of_survey = select(OutboxMessage.booking_id).where(OutboxMessage.kind == MessageKind.SURVEY)
    return sorted(session.scalars(of_survey))


def test_each_booking_with_an_address_is_asked_once(session: Session, served: Served) -> None:
    ticket = served(email="siti@contoh.id")
    served(window=1)
    assert queue_invitations(session, now=FIVE - timedelta(minutes=1)) == 0
    assert queue_invitations(session, now=FIVE) == 1
    assert queue_invitations(session, now=FIVE + timedelta(hours=1)) == 0
    assert asked(session) == [ticket.booking_id]
    assert queue_invitations(session, now=FIVE + timedelta(days=1)) == 0


def test_who_has_answered_or_wants_no_use_of_their_data_is_not_asked(session: Session, served: Served) -> None:
    first, second = served(email="siti@contoh.id"), served(window=1, email="agus@contoh.id")
    session.add(SurveyMark(ticket_id=first.id))
    second.booking.suspended_at = EIGHT
    session.flush()
    assert queue_invitations(session, now=FIVE) == 0


def test_an_office_may_ask_nobody(session: Session, served: Served, office: Office) -> None:
    served(email="siti@contoh.id")
    said = {"reason": "Warga mengeluh", "actor": TESTER, "now": EIGHT}
    assert ask_by_message(session, office.id, False, **said)
    assert not ask_by_message(session, office.id, False, **said)
    assert queue_invitations(session, now=FIVE) == 0


@pytest.mark.parametrize(("language", "words"), [("id", "Bagaimana pelayanan kami?"), ("en", "How was our service?")])
def test_the_letter_leads_to_the_survey_and_says_nothing_of_the_person(
    app: Flask, session: Session, served: Served, clock: FixedClock, language: str, words: str
) -> None:
    served(email="siti@contoh.id", language=language)
    clock.set(FIVE)
    run_job(app, "queue-survey-invitations")
    run_job(app, "send-outbox")
    texts = [path.read_text(encoding="utf-8") for path in app.extensions["settings"].outbox_folder.glob("*.txt")]
    (letter,) = (text for text in texts if "/survei" in text)
    assert words in letter
    assert "Siti" not in letter
    assert "\n\n\n" not in letter


def test_a_letter_that_came_too_late_is_not_sent(
    app: Flask, session: Session, served: Served, clock: FixedClock
) -> None:
    ticket = served(email="siti@contoh.id")
    clock.set(FIVE)
    run_job(app, "queue-survey-invitations")
    session.add(SurveyMark(ticket_id=ticket.id))
    session.commit()
    run_job(app, "send-outbox")
    session.expire_all()
    (message,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == MessageKind.SURVEY))
    assert message.state is MessageState.OVERTAKEN
