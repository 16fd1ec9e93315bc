"""The services that an office gives, and their letters."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.catalogue import CATALOGUE, Category
from queue_app.domain.errors import NotFound
from queue_app.domain.keyring import Keyring
from queue_app.domain.setup import InvalidSetup
from queue_app.models import AuditEntry, Office, OfficeService, Service, Slot
from queue_app.queries.calendar.offices import services_of, stopped_services_of
from queue_app.services.setup.offered import (
    OwnService,
    change_letter,
    offer_own_service,
    offer_services,
    resume_offering,
    stop_offering,
)
from tests.harness.factories import TESTER, make_booking, make_offering, make_office
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING}
WHY = {"reason": "Percobaan", **BY}
OWN = OwnService(("Layanan Keliling", "Mobile service"), ("Datang ke kampung.", "Comes to villages."))


def refused(call: object, *args: object, **options: object) -> str:
    with pytest.raises(InvalidSetup) as refusal:
        call(*args, **options)  # type: ignore[operator]  # any of the services
    return refusal.value.details["reason"]


def given(session: Session, office: Office) -> dict[str, str]:
    return {one.service.code: one.letter for one in services_of(session, office.id)}


def test_the_whole_catalogue_fits_into_the_alphabet(session: Session) -> None:
    office = make_office(session)
    added = offer_services(session, office.id, [entry.code for entry in CATALOGUE], **BY)
    assert len(added) == len(CATALOGUE) == 23
    assert given(session, office) == {entry.code: entry.letter for entry in CATALOGUE}
    assert offer_services(session, office.id, ["IKD"], **BY) == []


def test_two_offices_give_the_same_service_each_with_its_own_letter(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    make_offering(session, here, now=MONDAY_MORNING, letter="J", days=False)
    for office in (here, there):
        offer_services(session, office.id, ["IKD"], **BY)
    assert given(session, here)["IKD"] == "A"  # J is taken there
    assert given(session, there)["IKD"] == "J"
    assert len(session.scalars(select(Service).where(Service.code == "IKD")).all()) == 1


def test_an_unknown_service_and_an_unknown_office_are_refused(session: Session) -> None:
    office = make_office(session)
    assert refused(offer_services, session, office.id, ["SIM"], **BY) == "unknown_service"
    with pytest.raises(NotFound):
        offer_services(session, office.id + 1, ["IKD"], **BY)


def test_an_office_gives_a_service_that_no_catalogue_knows(session: Session) -> None:
    office = make_office(session)
    offering = offer_own_service(session, office.id, OWN, **BY)
    assert (offering.service.code, offering.service.slug) == ("LAYANAN_KELILING", "layanan-keliling")
    assert (offering.letter, offering.service.category) == ("A", Category.OTHER)
    assert refused(offer_own_service, session, office.id, OWN, **BY) == "name_taken"
    personal = OwnService(("Lain", "Other"), ("Hubungi 081234567890", "Call"))
    assert refused(offer_own_service, session, office.id, personal, **BY) == "personal"


def test_letters_run_out(session: Session) -> None:
    office = make_office(session)
    offer_services(session, office.id, [entry.code for entry in CATALOGUE], **BY)
    for number in range(3):
        offer_own_service(session, office.id, OwnService((f"Lain {number}", "Other"), ("-", "-")), **BY)
    last = OwnService(("Satu lagi", "One more"), ("-", "-"))
    assert refused(offer_own_service, session, office.id, last, **BY) == "no_letter"


def test_a_service_is_given_up_and_given_again(session: Session, keyring: Keyring) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    slot = session.scalars(select(Slot).order_by(Slot.starts_at.desc())).first()
    assert slot is not None
    make_booking(session, slot.id, keyring=keyring, now=slot.starts_at - timedelta(days=5))
    stop_offering(session, offering.id, **WHY)
    assert services_of(session, offering.office_id) == []
    assert stopped_services_of(session, offering.office_id) == [offering]
    with pytest.raises(NotFound):
        make_booking(session, slot.id, keyring=keyring, now=slot.starts_at - timedelta(days=5))
    session.refresh(slot)
    assert slot.booked == 1  # who has a ticket keeps it
    resume_offering(session, offering.id, **WHY)
    resume_offering(session, offering.id, **WHY)
    assert services_of(session, offering.office_id) == [offering]
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("offering.")).order_by(AuditEntry.id)
    ).all()
    assert actions == ["offering.stopped", "offering.resumed"]


def test_offering_a_stopped_service_gives_it_again(session: Session) -> None:
    office = make_office(session)
    (offering,) = offer_services(session, office.id, ["IKD"], **BY)
    stop_offering(session, offering.id, **WHY)
    assert offer_services(session, office.id, ["IKD"], **BY) == [offering]
    assert offering.active


def test_a_letter_is_changed_for_numbers_to_come(session: Session, keyring: Keyring) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    slots = session.scalars(select(Slot).order_by(Slot.starts_at)).all()
    first, second = slots[-1], slots[-2]
    early = first.starts_at - timedelta(days=5)
    before = make_booking(session, first.id, keyring=keyring, now=early)
    change_letter(session, offering.id, "Z", **WHY)
    change_letter(session, offering.id, "Z", **WHY)
    after = make_booking(session, second.id, keyring=keyring, now=early)
    assert (before.tickets[0].letter, after.tickets[0].letter) == ("A", "Z")
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "offering.letter").order_by(AuditEntry.id)
    ).all()
    assert [(entry.before, entry.after) for entry in entries] == [({"letter": "A"}, {"letter": "Z"})]


def test_a_letter_of_another_service_is_not_given_twice(session: Session, keyring: Keyring) -> None:
    first = make_offering(session, now=MONDAY_MORNING)
    (second,) = offer_services(session, first.office_id, ["IKD"], **BY)
    assert refused(change_letter, session, second.id, "A", **WHY) == "letter_taken"
    slot = session.scalars(select(Slot).order_by(Slot.starts_at.desc())).first()
    assert slot is not None
    make_booking(session, slot.id, keyring=keyring, now=slot.starts_at - timedelta(days=5))
    change_letter(session, first.id, "Z", **WHY)
    assert refused(change_letter, session, second.id, "A", **WHY) == "letter_used"
    days_later = {**WHY, "now": slot.starts_at + timedelta(days=2)}
    change_letter(session, second.id, "A", **days_later)  # its day is over
    assert session.get_one(OfficeService, second.id).letter == "A"


@pytest.mark.parametrize("letter", ["", "AA", "a", "1", "Ä"])
def test_a_letter_is_one_of_the_alphabet(session: Session, letter: str) -> None:
    offering = make_offering(session, now=MONDAY_MORNING, days=False)
    assert refused(change_letter, session, offering.id, letter, **WHY) == "letter"
