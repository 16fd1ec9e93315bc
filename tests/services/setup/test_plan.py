"""A whole office from a plan, and a plan from an office."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus, Share, Window
from queue_app.domain.errors import DomainError
from queue_app.domain.keyring import Keyring
from queue_app.domain.reminders import MessageKind
from queue_app.domain.setup import DayHours
from queue_app.domain.setup_plan import HolidayPlan, MessagePlan, OfficePlan, ServicePlan, SetupPlan, SitePlan
from queue_app.domain.site import Logo
from queue_app.models import Counter, Office, OfficeService, ServiceDay, Slot
from queue_app.queries.records.invariants import verify
from queue_app.services.setup.plan import carry_out_all, describe
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING}
JAYAPURA = OfficePlan(
    "Disdukcapil Kota Jayapura",
    "Asia/Jayapura",
    "Kota Jayapura",
    "91.71",
    contact={"address": "Jl. Balai Kota", "phone": "(0967) 123 456"},
    hours=tuple(DayHours(day, time(8), time(14)) for day in range(5)),
    services=(
        ServicePlan("KTP_REKAM", 48),
        ServicePlan("IKD", letter="Z", texts={"who_id": "Siapa saja"}),
        ServicePlan("KTP_AMBIL", windows=(Window(2, time(9), time(10), Share.PRIORITY, 7),)),
    ),
    counters=2,
    holidays=(HolidayPlan(date(2027, 3, 7), "Hari jadi kota", "City day"), HolidayPlan(date(2026, 11, 26), "Kirab")),
)
PLAN = SetupPlan((JAYAPURA, replace(JAYAPURA, name="Abepura", counters=0)), SitePlan("Antrean", "Papua", "#0f4c5c"))


def test_offices_stand_ready_as_planned(session: Session, keyring: Keyring) -> None:
    carry_out_all(session, PLAN, **BY)
    main, second = session.scalars(select(Office).order_by(Office.position)).all()
    assert (main.time_zone, main.region_code, main.phone) == ("Asia/Jayapura", "91.71", "(0967) 123 456")
    assert main.opening_hours_id == "Senin–Jumat 08.00–14.00"
    given = session.scalars(select(OfficeService).where(OfficeService.office_id == main.id))
    assert {one.service.code: one.letter for one in given} == {"KTP_REKAM": "A", "IKD": "Z", "KTP_AMBIL": "G"}
    counters = select(func.count()).select_from(Counter).where(Counter.office_id == main.id)
    assert session.scalar(counters) == 2
    first = session.scalars(select(Slot).where(Slot.office_id == second.id).order_by(Slot.starts_at)).first()
    assert first is not None
    assert (first.starts_at.hour, first.capacity) == (23, 8)  # 08.00 WIT
    assert [one.breaches for one in verify(session, keyring=keyring, now=MONDAY_MORNING) if one.breaches] == []


def test_what_is_told_of_offices_makes_the_same_offices_again(session: Session) -> None:
    carry_out_all(session, PLAN, **BY)
    told = describe(session, now=MONDAY_MORNING)
    elsewhere = tuple(replace(office, name=f"{office.name} 2", slug=f"{office.slug}-2") for office in told.offices)
    carry_out_all(session, replace(told, offices=elsewhere), **BY)
    again = describe(session, now=MONDAY_MORNING).offices[2:]
    assert [replace(one, name="", slug="") for one in again] == [replace(one, name="", slug="") for one in told.offices]


def test_the_logo_is_told_and_one_that_the_plan_does_not_name_stays(session: Session) -> None:
    head, logo = SitePlan("Antrean", "Papua", "#0f4c5c"), Logo(b"picture", 160, 80)
    carry_out_all(session, SetupPlan((JAYAPURA,), replace(head, logo=logo)), **BY)
    assert describe(session, now=MONDAY_MORNING).site == replace(head, logo=logo)
    carry_out_all(session, SetupPlan((replace(JAYAPURA, name="Abepura"),), head), **BY)
    assert describe(session, now=MONDAY_MORNING).site == replace(head, logo=logo)


def test_its_own_holidays_are_holidays_there_at_once_and_those_that_are_over_are_left_out(session: Session) -> None:
    gone = HolidayPlan(date(2026, 11, 20), "Sudah lewat")
    plan = replace(JAYAPURA, holidays=(gone, *JAYAPURA.holidays))
    carry_out_all(session, SetupPlan((plan, replace(JAYAPURA, name="Sentani", holidays=()))), **BY)
    there, elsewhere = describe(session, now=MONDAY_MORNING).offices
    assert [(one.date, one.name_id, one.name_en) for one in there.holidays] == [
        (date(2026, 11, 26), "Kirab", "Kirab"),
        (date(2027, 3, 7), "Hari jadi kota", "City day"),
    ]
    assert elsewhere.holidays == ()
    columns = Office.name, ServiceDay.day, ServiceDay.reason_id
    turned = select(*columns).join(Office, Office.id == ServiceDay.office_id)
    found = session.execute(turned.where(ServiceDay.status == DayStatus.HOLIDAY)).all()
    assert set(map(tuple, found)) == {(JAYAPURA.name, date(2026, 11, 26), "Kirab")}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"time_zone": "Asia/Tokyo"}, "zone"),
        ({"services": (ServicePlan("SIM", 1),)}, "unknown_service"),
        ({"services": (ServicePlan("IKD", 1), ServicePlan("IKD", 1))}, "named_twice"),
        ({"services": (ServicePlan("IKD", letter="A"), ServicePlan("KTP_REKAM", letter="A"))}, "letter_taken"),
        ({"hours": ()}, "no_hours"),
        ({"contact": {"phone": "telepon"}}, "phone"),
        ({"holidays": (HolidayPlan(date(2027, 3, 7), "Hari jadi"),) * 2}, "holiday_exists"),
    ],
)
def test_a_plan_that_cannot_be_says_of_which_office(session: Session, change: dict[str, object], reason: str) -> None:
    plan = SetupPlan((replace(JAYAPURA, name="Lain"), replace(JAYAPURA, **change)))
    with pytest.raises(DomainError) as refused:
        carry_out_all(session, plan, **BY)
    assert (refused.value.details["reason"], refused.value.details["office"]) == (reason, 2)


def test_names_order_and_words_go_along(session: Session) -> None:
    own = {"name_id": "Layanan Keliling", "name_en": "Mobile", "summary_id": "Datang.", "summary_en": "Comes."}
    services = (
        ServicePlan("KELILING", 5, names=own),
        ServicePlan("IKD", names={"name_id": "IKD"}),
        ServicePlan("SUKET"),
    )
    said = MessagePlan(MessageKind.CANCELLED, "en", "Cancelled", "{nomor} {kode} {hari}")
    carry_out_all(session, SetupPlan((replace(JAYAPURA, services=services, messages=(said,)),)), **BY)
    (told,) = describe(session, now=MONDAY_MORNING).offices
    assert [one.code for one in told.services] == ["KELILING", "IKD", "SUKET"]
    assert told.messages == (said,)
    keling, ikd, suket = told.services
    assert (keling.names, ikd.names["name_id"], suket.names) == (own, "IKD", {})
    carry_out_all(session, SetupPlan((replace(told, name="Abepura", slug="abepura"),)), **BY)
    again = describe(session, now=MONDAY_MORNING).offices[1]
    assert replace(again, name="", slug="") == replace(told, name="", slug="")
