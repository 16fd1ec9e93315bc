"""Announcements as pages show them, and as an administrator finds them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from queue_app.domain.announcements import Announcing, Level
from queue_app.domain.errors import NotFound
from queue_app.queries.texts.announcements import announcement_at, announcements_of, announcements_to_come
from queue_app.services.texts.announcements import announce, end_announcement
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

NOW = MONDAY_MORNING
BY = {"actor": TESTER, "now": NOW}
DAY = timedelta(days=1)
INFO = Announcing("Info", "", Level.INFO, True, True, NOW, NOW + DAY)


def test_each_office_shows_its_own_and_those_of_all(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    announce(session, here.id, INFO, **BY)
    announce(session, there.id, replace(INFO, text_id="Sana"), **BY)
    announce(session, None, replace(INFO, text_id="Semua", level=Level.IMPORTANT), **BY)
    announce(session, here.id, replace(INFO, text_id="Besok", starts_at=NOW + DAY, ends_at=NOW + 2 * DAY), **BY)
    over = announce(session, here.id, replace(INFO, text_id="Sudah"), **BY)
    end_announcement(session, over.id, **BY)

    def shown(office_id: int, after: timedelta = timedelta()) -> list[str]:
        at = NOW + after
        return [one.text_id for one in announcements_to_come(session, now=NOW) if one.is_for(office_id, now=at)]

    assert shown(here.id) == ["Semua", "Info"]
    assert shown(there.id) == ["Semua", "Sana"]
    assert shown(here.id, DAY) == ["Besok"]
    coming, past = announcements_of(session, here.id, now=NOW)
    assert [one.text_id for one in coming] == ["Info", "Semua", "Besok"]
    assert [one.text_id for one in past] == ["Sudah"]
    assert announcement_at(session, over.id, here.id) is over
    with pytest.raises(NotFound):
        announcement_at(session, over.id, there.id)
