"""What was done about a remark stands beside it, and in the audit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.models import AuditEntry, SurveyRemark
from queue_app.services.surveys.answers import take_answers
from queue_app.services.surveys.follow_up import follow_up
from tests.harness.factories import TESTER
from tests.harness.hall import EIGHT
from tests.services.surveys.conftest import Served, answers

WHO = {"actor": TESTER, "now": EIGHT}


@pytest.fixture
def remark(session: Session, served: Served) -> SurveyRemark:
    take_answers(session, served(), answers(3, "Ruangnya panas"), now=EIGHT)
    return session.scalars(select(SurveyRemark)).one()


def test_it_is_recorded_and_may_be_replaced(
    session: Session, remark: SurveyRemark, audited: Callable[[], list[AuditEntry]]
) -> None:
    for done in ("Kipas dipesan", "Kipas dipasang"):
        follow_up(session, remark.key, done, office_id=remark.office_id, **WHO)
    assert (remark.follow_up, remark.followed_up_at) == ("Kipas dipasang", EIGHT)
    entry = audited()[-1]
    assert (entry.action, entry.before) == ("survey.followed_up", {"follow_up": "Kipas dipesan"})
    assert "panas" not in str(entry.after)  # what a citizen wrote is not copied into what is kept for good


@pytest.mark.parametrize("done", ["", "Hubungi 081234567890"])
def test_it_is_said_in_words_without_numbers_of_people(session: Session, remark: SurveyRemark, done: str) -> None:
    with pytest.raises(ReasonRequired):
        follow_up(session, remark.key, done, office_id=remark.office_id, **WHO)


def test_another_office_does_not_find_it(session: Session, remark: SurveyRemark) -> None:
    with pytest.raises(NotFound):
        follow_up(session, remark.key, "Kipas dipasang", office_id=remark.office_id + 1, **WHO)
