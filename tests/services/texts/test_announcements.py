"""Announcements: from when until when, to whom, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.announcements import TEXT_MAX, Announcing, InvalidAnnouncement, Level
from queue_app.domain.errors import NotFound
from queue_app.models import AuditEntry
from queue_app.services.texts.announcements import announce, change_announcement, end_announcement
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

NOW = MONDAY_MORNING
BY = {"actor": TESTER, "now": NOW}
DAY = timedelta(days=1)
DOOR = Announcing(" Masuk lewat  pintu timur. ", "", Level.IMPORTANT, True, False, NOW, NOW + DAY)


def test_an_announcement_is_made_changed_and_ended(session: Session) -> None:
    office = make_office(session)
    row = announce(session, office.id, DOOR, **BY)
    assert (row.text_id, row.text_en) == ("Masuk lewat pintu timur.", "Masuk lewat pintu timur.")
    longer = replace(DOOR, ends_at=NOW + 2 * DAY, on_display=True)
    assert set(change_announcement(session, row.id, longer, **BY)) == {"ends_at", "on_display"}
    assert change_announcement(session, row.id, longer, **BY) == ()
    assert end_announcement(session, row.id, **BY)
    assert not end_announcement(session, row.id, **BY)
    assert (row.starts_at, row.ends_at) == (NOW, NOW)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.subject == "announcement").order_by(AuditEntry.id)
    ).all()
    assert [one.action for one in entries] == ["announcement.made", "announcement.changed", "announcement.ended"]
    assert {one.office_id for one in entries} == {office.id}
    with pytest.raises(NotFound):
        end_announcement(session, row.id + 1, **BY)


def test_one_that_has_not_begun_never_does(session: Session) -> None:
    row = announce(session, None, replace(DOOR, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY), **BY)
    assert end_announcement(session, row.id, **BY)
    assert row.starts_at == row.ends_at == NOW


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text_id": "  "}, "text"),
        ({"text_en": "x" * (TEXT_MAX + 1)}, "text"),
        ({"text_id": "Hubungi 0812-3456-7890"}, "personal"),
        ({"text_en": "NIK 3314991703050001"}, "personal"),
        ({"ends_at": NOW}, "times"),
        ({"starts_at": NOW - 2 * DAY, "ends_at": NOW - DAY}, "past"),
        ({"ends_at": NOW + 367 * DAY}, "too_long"),
        ({"on_pages": False}, "nowhere"),
    ],
)
def test_what_cannot_be_announced_is_refused(session: Session, change: dict[str, object], reason: str) -> None:
    office = make_office(session)
    row = announce(session, office.id, DOOR, **BY)
    for attempt in (
        lambda wrong: announce(session, office.id, wrong, **BY),
        lambda wrong: change_announcement(session, row.id, wrong, **BY),
    ):
        with pytest.raises(InvalidAnnouncement) as refused:
            attempt(replace(DOOR, **change))
        assert refused.value.details["reason"] == reason
