"""The address of an office is changed, and the ones that it had lead there until it gives them up."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.setup import InvalidSetup
from queue_app.models import AuditEntry, Office
from queue_app.queries.calendar.offices import former_addresses, office_called, office_of_slug, present_address
from queue_app.services.arrivals.first_look import offices_of
from queue_app.services.setup.addresses import change_address, check_address, give_up_address
from queue_app.services.setup.offices import NewOffice, create_office
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING, "reason": "Nama baru"}


def former(session: Session, office: Office) -> list[str]:
    return [one.slug for one in former_addresses(session, office.id)]


def test_the_old_address_leads_to_the_new_one(session: Session) -> None:
    office = make_office(session, "sragen")
    assert check_address(session, office.id, "Disdukcapil  Sragen!") == "disdukcapil-sragen"
    assert change_address(session, office.id, "Disdukcapil Sragen", **BY)
    assert not change_address(session, office.id, "disdukcapil-sragen", **BY)
    assert (office.slug, former(session, office)) == ("disdukcapil-sragen", ["sragen"])
    assert office_of_slug(session, "sragen") is None
    assert present_address(session, "sragen") == "disdukcapil-sragen"
    assert present_address(session, "disdukcapil-sragen") is None
    assert office_called(session, "sragen") is office_called(session, "disdukcapil-sragen") is office
    found = offices_of(session.connection(), ["sragen", "disdukcapil-sragen", "lain"])
    assert found == {"sragen": office.id, "disdukcapil-sragen": office.id}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "office.address")).one()
    assert (entry.before, entry.after) == ({"slug": "sragen"}, {"slug": "disdukcapil-sragen"})


def test_an_office_goes_back_to_an_address_that_it_had(session: Session) -> None:
    office = make_office(session, "satu")
    for slug in ("dua", "tiga", "satu"):
        change_address(session, office.id, slug, **BY)
    assert (office.slug, former(session, office)) == ("satu", ["dua", "tiga"])


def test_nobody_takes_an_address_that_leads_elsewhere_until_it_is_given_up(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    change_address(session, here.id, "di-sini", **BY)
    session.commit()
    for take in (
        lambda: check_address(session, there.id, "sini"),
        lambda: change_address(session, there.id, "sini", **BY),
        lambda: create_office(
            session, NewOffice("Sini", "Asia/Jakarta", "Sragen", "33.14"), actor=TESTER, now=MONDAY_MORNING
        ),
    ):
        with pytest.raises(InvalidSetup) as refused:
            take()
        assert refused.value.details == {"reason": "address_kept", "office": here.name}
        session.rollback()
    with pytest.raises(NotFound):
        give_up_address(session, there.id, "sini", **BY)
    give_up_address(session, here.id, "sini", **BY)
    assert present_address(session, "sini") is None
    assert change_address(session, there.id, "sini", **BY)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("!!!", "name"),
        ("admin", "name_taken"),
        ("sana", "name_taken"),
        ("kantor-081234567890", "personal"),
        ("3314-9917-0305-0001", "personal"),
    ],
)
def test_what_cannot_be_an_address_is_refused(session: Session, typed: str, why: str) -> None:
    here, _there = make_office(session, "sini"), make_office(session, "sana")
    session.commit()
    for take in (check_address, lambda *which: change_address(*which, **BY)):
        with pytest.raises(InvalidSetup) as refused:
            take(session, here.id, typed)
        assert refused.value.details["reason"] == why
        session.rollback()


def test_a_reason_is_asked_for(session: Session) -> None:
    office = make_office(session)
    with pytest.raises(ReasonRequired):
        change_address(session, office.id, "baru", **{**BY, "reason": " "})
    with pytest.raises(ReasonRequired):
        give_up_address(session, office.id, "baru", **{**BY, "reason": " "})
    with pytest.raises(NotFound):
        change_address(session, office.id + 1, "baru", **BY)
