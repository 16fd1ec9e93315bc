"""The region of an office is changed after it was made."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.setup import InvalidSetup
from queue_app.models import AuditEntry
from queue_app.services.setup.offices import NewOffice, create_office
from queue_app.services.setup.region import change_region
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING, "reason": "Pemekaran"}


@pytest.mark.parametrize("code", ["91.71", "95.01", "33.14.10", ""])
def test_name_and_code_are_changed_and_told_to_the_audit(session: Session, code: str) -> None:
    office = make_office(session)
    before = office.region_name
    assert set(change_region(session, office.id, " Kota  Jayapura ", code, **BY)) == {"region_name", "region_code"}
    assert change_region(session, office.id, "Kota Jayapura", code, **BY) == ()
    assert (office.region_name, office.region_code) == ("Kota Jayapura", code)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "office.region")).one()
    assert (entry.before["region_name"], entry.after["region_code"], entry.reason) == (before, code, "Pemekaran")


@pytest.mark.parametrize("code", ["3314", "33.1", "33.14.1", "33.14.10.2001", "00.14", "10.01", "33.00", "٣٣.١٤"])
def test_a_code_that_is_none_is_refused(session: Session, code: str) -> None:
    office = make_office(session)
    with pytest.raises(InvalidSetup) as refused:
        change_region(session, office.id, "Kota Jayapura", code, **BY)
    assert refused.value.details["reason"] == "region"
    place = NewOffice("Baru", "Asia/Jakarta", "Baru", code)
    with pytest.raises(InvalidSetup):
        create_office(session, place, actor=TESTER, now=MONDAY_MORNING)


def test_a_name_that_is_none_and_a_missing_reason_are_refused(session: Session) -> None:
    office = make_office(session)
    for name in ("-", "Hubungi 081234567890"):
        with pytest.raises(InvalidSetup):
            change_region(session, office.id, name, "33.14", **BY)
    with pytest.raises(ReasonRequired):
        change_region(session, office.id, "Sragen", "33.14", **{**BY, "reason": ""})
    with pytest.raises(NotFound):
        change_region(session, office.id + 1, "Sragen", "33.14", **BY)
