"""How services are called, and in which order they stand."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import ReasonRequired
from queue_app.domain.setup import InvalidSetup
from queue_app.models import AuditEntry, Office
from queue_app.queries.calendar.offices import services_of
from queue_app.services.setup.names import ServiceNames, move_offering, rename_service
from queue_app.services.setup.offered import offer_services, stop_offering
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING}
NAMES = ServiceNames("Aktivasi  IKD", "IKD activation", "Identitas di HP.", "Identity on the telephone.")
CARDS = ["KTP_REKAM", "KTP_REKAM_LUAR", "KTP_CETAK_HILANG"]


def codes(session: Session, office: Office) -> list[str]:
    return [one.service.code for one in services_of(session, office.id)]


def rename(session: Session, service_id: int, *offices: Office, **changes: str) -> tuple[str, ...]:
    names = ServiceNames(**{**NAMES.__dict__, **changes})
    mine = [office.id for office in offices]
    return rename_service(session, service_id, names, answers_for=mine, reason="Nama resmi", **BY)


def acts(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def test_a_name_counts_at_each_office_and_stands_in_its_log(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    (offering,) = offer_services(session, here.id, ["IKD"], **BY)
    offer_services(session, there.id, ["IKD"], **BY)
    assert set(rename(session, offering.service_id, here, there)) == set(NAMES.__dict__)
    assert rename(session, offering.service_id, here, there) == ()
    (again,) = services_of(session, there.id)
    assert (again.service.name_id, again.service.code, again.service.slug) == ("Aktivasi IKD", "IKD", "ikd")
    told = acts(session, "offering.renamed")
    assert {one.office_id for one in told} == {here.id, there.id}
    assert told[0].before["name_id"] == "Aktivasi Identitas Kependudukan Digital (IKD)"


@pytest.mark.parametrize(
    ("changes", "reason"), [({"name_id": "-"}, "name"), ({"summary_en": "Call 081234567890"}, "personal")]
)
def test_a_name_that_cannot_be_is_refused(session: Session, changes: dict[str, str], reason: str) -> None:
    office = make_office(session)
    (offering,) = offer_services(session, office.id, ["IKD"], **BY)
    with pytest.raises(InvalidSetup) as refused:
        rename(session, offering.service_id, office, **changes)
    assert refused.value.details["reason"] == reason


def test_only_who_answers_for_all_offices_that_give_it_calls_it_something_else(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    (offering,) = offer_services(session, here.id, ["IKD"], **BY)
    (gone,) = offer_services(session, there.id, ["IKD"], **BY)
    stop_offering(session, gone.id, reason="Pindah", **BY)  # and may give it again tomorrow
    with pytest.raises(InvalidSetup) as refused:
        rename(session, offering.service_id, here)
    assert refused.value.details["reason"] == "other_offices"
    with pytest.raises(ReasonRequired):
        rename_service(session, offering.service_id, NAMES, answers_for=[here.id, there.id], reason=" ", **BY)


def test_a_service_moves_among_those_of_its_kind(session: Session) -> None:
    office, other = make_office(session, "sini"), make_office(session, "sana")
    for one in (office, other):
        offer_services(session, one.id, [*CARDS, "KK_BARU"], **BY)
    first, second, third, family = services_of(session, office.id)
    assert move_offering(session, third.id, -1, **BY) == 2
    assert move_offering(session, third.id, -1, **BY) == 1
    assert move_offering(session, third.id, -1, **BY) == 1  # there is nothing above it
    assert codes(session, office) == [CARDS[2], CARDS[0], CARDS[1], "KK_BARU"]
    assert move_offering(session, family.id, 1, **BY) == 1
    assert move_offering(session, first.id, 1, **BY) == 3
    assert codes(session, office) == [CARDS[2], CARDS[1], CARDS[0], "KK_BARU"]
    assert codes(session, other) == [*CARDS, "KK_BARU"]
    told = acts(session, "offering.moved")
    assert [(one.before["place"], one.after["place"]) for one in told] == [(3, 2), (2, 1), (2, 3)]


def test_what_is_given_afterwards_takes_its_usual_place(session: Session) -> None:
    office = make_office(session)
    offer_services(session, office.id, [CARDS[0], CARDS[2], "KK_BARU"], **BY)
    move_offering(session, services_of(session, office.id)[1].id, -1, **BY)
    offer_services(session, office.id, [CARDS[1]], **BY)
    assert codes(session, office) == [CARDS[2], CARDS[1], CARDS[0], "KK_BARU"]


def test_two_that_share_a_place_change_it_too(session: Session) -> None:
    office = make_office(session)
    for offering in offer_services(session, office.id, CARDS, **BY):
        offering.position = 7
    session.flush()
    assert move_offering(session, services_of(session, office.id)[0].id, 1, **BY) == 2
    assert codes(session, office) == [CARDS[1], CARDS[0], CARDS[2]]
