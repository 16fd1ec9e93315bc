"""An office in another zone: the hours on the wall stay, the instants move."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.clock import office_date
from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.keyring import Keyring
from queue_app.domain.setup import InvalidSetup
from queue_app.models import AuditEntry, OfficeService, Slot, Ticket
from queue_app.queries.records.invariants import verify
from queue_app.services.setup.zone import change_zone, preview_zone
from tests.harness.factories import TESTER, make_booking, make_offering, make_office
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.hall import Hall

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
BY = {"actor": TESTER, "now": MONDAY_MORNING, "reason": "Salah pilih"}


def wall(session: Session, offering: OfficeService) -> list[tuple[str, str, int]]:
    """Day, hours and places as the office's clock shows them."""
    zone = ZoneInfo(offering.office.time_zone)
    rows = session.scalars(select(Slot).where(Slot.office_id == offering.office_id).order_by(Slot.id))
    return [
        (row.starts_at.astimezone(zone).isoformat()[:16], row.ends_at.astimezone(zone).isoformat()[:16], row.capacity)
        for row in rows
    ]


@pytest.mark.parametrize("zone", [WITA, WIT, "Asia/Pontianak"])
def test_slots_and_tickets_keep_their_hour_on_the_wall(session: Session, keyring: Keyring, zone: str) -> None:
    offering = make_offering(session, now=MONDAY_MORNING, hours=tuple(range(7, 16)), capacity=2)
    slot = session.scalars(select(Slot).order_by(Slot.starts_at.desc())).first()
    assert slot is not None
    make_booking(session, slot.id, keyring=keyring, now=slot.starts_at - timedelta(days=3))
    before = wall(session, offering)
    change_zone(session, offering.office_id, zone, **BY)
    assert wall(session, offering) == before
    assert session.scalars(select(Ticket.starts_at)).one() == session.get_one(Slot, slot.id).starts_at
    assert [one.breaches for one in verify(session, keyring=keyring, now=MONDAY_MORNING) if one.breaches] == []


def test_there_and_back_again_is_as_before(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING, hours=tuple(range(7, 16)))
    before = session.execute(select(Slot.id, Slot.starts_at, Slot.ends_at).order_by(Slot.id)).all()
    for zone in (WIT, WIB):
        change_zone(session, offering.office_id, zone, **BY)
    assert session.execute(select(Slot.id, Slot.starts_at, Slot.ends_at).order_by(Slot.id)).all() == before


def test_what_is_past_and_what_is_another_offices_stays(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    offering = make_offering(session, here, now=MONDAY_MORNING - timedelta(days=7))
    make_offering(session, there, offering.service, now=MONDAY_MORNING)
    today = office_date(MONDAY_MORNING, WIB)
    stays = (Slot.office_id == there.id) | (Slot.day < today)
    before = session.execute(select(Slot.id, Slot.starts_at).where(stays).order_by(Slot.id)).all()
    assert len(before) > 20
    change_zone(session, here.id, WIT, **BY)
    assert session.execute(select(Slot.id, Slot.starts_at).where(stays).order_by(Slot.id)).all() == before


def test_the_preview_counts_what_moves_and_moves_nothing(session: Session, keyring: Keyring) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    slot = session.scalars(select(Slot).order_by(Slot.starts_at.desc())).first()
    assert slot is not None
    make_booking(session, slot.id, keyring=keyring, now=slot.starts_at - timedelta(days=3))
    before = wall(session, offering)
    effect = preview_zone(session, offering.office_id, WIT, now=MONDAY_MORNING)
    assert effect.slots == session.scalar(select(func.count()).select_from(Slot))
    assert (effect.days * 2, effect.people) == (effect.slots, 1)
    assert effect.first is not None
    assert effect.first[0] - effect.first[1] == timedelta(hours=2)
    assert wall(session, offering) == before


def test_the_audit_says_from_which_to_which(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING)
    change_zone(session, offering.office_id, WIT, **BY)
    change_zone(session, offering.office_id, WIT, **BY)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "office.zone")).one()
    assert (entry.before, entry.after) == ({"time_zone": WIB}, {"time_zone": WIT})


def test_it_waits_until_nobody_of_today_is_in_the_hall(session: Session, hall: Hall) -> None:
    hall.arrive(1)
    with pytest.raises(InvalidSetup) as refused:
        change_zone(session, hall.office_id, WIT, **{**BY, "now": hall.clock.now()})
    assert refused.value.details["reason"] == "people_waiting"


def test_a_wrong_zone_a_missing_reason_and_a_missing_office_are_refused(session: Session) -> None:
    offering = make_offering(session, now=MONDAY_MORNING, days=False)
    with pytest.raises(InvalidSetup):
        change_zone(session, offering.office_id, "Asia/Tokyo", **BY)
    with pytest.raises(ReasonRequired):
        change_zone(session, offering.office_id, WIT, **{**BY, "reason": ""})
    with pytest.raises(NotFound):
        change_zone(session, offering.office_id + 1, WIT, **BY)
