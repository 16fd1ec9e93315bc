"""Holidays: added, renamed, deleted; proposed for a year that nobody has decided, and decided."""

from datetime import date

import pytest
from sqlalchemy import select

from queue_app.adapters.holiday_library import known_holidays
from queue_app.domain.calendar import DayStatus
from queue_app.domain.closures import ClosureState
from queue_app.domain.holidays import HolidayStatus, KnownHoliday
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Closure, Holiday, HolidayYear, OutboxMessage
from queue_app.services.calendar.proposals import propose_holidays
from tests.harness.closing import carry_out_all
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import TODAY, TOMORROW, Visitor, World, refusals
from tests.web.citizen import text_of

NEW_YEAR = date(2027, 1, 1)


def holiday(visitor: Visitor, tuesday: date, **changes: str) -> object:
    names = {"name_id": "Cuti bersama", "name_en": "Joint leave"}
    values = {"office": "semua", "day": tuesday.isoformat(), **names, "reason": "SKB 2026"}
    return visitor.post("/admin/libur", {**values, **changes})


def listed(world: World) -> Holiday:
    return world.afresh().scalars(select(Holiday).where(Holiday.date == TOMORROW)).one()


def test_a_holiday_turns_the_days_that_nobody_booked(administrator: Visitor, world: World) -> None:
    assert holiday(administrator, TOMORROW).status_code == 303
    assert (world.day().status, world.day().reason_id) == (DayStatus.HOLIDAY, "Cuti bersama")
    assert world.day(offering=world.offering_there).status is DayStatus.HOLIDAY
    assert not any(slot.accepts for slot in world.day().slots)
    assert "Selasa, 24 November 2026" in administrator.get("/admin/libur").text
    assert holiday(administrator, TOMORROW).status_code == 422

    path = f"/admin/libur/{listed(world).id}/hapus"
    assert administrator.get(path).status_code == 200
    assert administrator.post(path, {"reason": ""}).status_code == 422
    assert administrator.post(path, {"reason": "SKB diubah"}).status_code == 303
    assert world.day().status is DayStatus.OPEN
    assert all(slot.accepts for slot in world.day().slots)
    actions = world.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("holiday.")).order_by(AuditEntry.id)
    ).all()
    assert actions == ["holiday.added", "holiday.deleted"]


def test_holidays_begin_with_the_next_one(administrator: Visitor, world: World) -> None:
    for day, name in ((date(2026, 1, 1), "Tahun Baru"), (TODAY, "Hari Ini"), (date(2027, 1, 1), "Tahun Depan")):
        world.afresh().add(Holiday(date=day, name_id=name, name_en=name))
        world.session.commit()
    page = administrator.get("/admin/libur").text
    coming, past = page.split("<main", 1)[1].split("<details", 1)
    assert coming.index("Hari Ini") < coming.index("Tahun Depan")
    assert "Tahun Baru" not in coming
    assert "Yang sudah lewat pada tahun 2026" in past
    assert "Tahun Baru" in past
    assert "/hapus" not in past


def test_a_holiday_on_a_booked_day_is_a_closure_like_any_other(administrator: Visitor, world: World) -> None:
    booking = world.book(TOMORROW)
    world.book(TOMORROW, offering=world.offering_there)
    asked = holiday(administrator, TOMORROW)
    assert asked.status_code == 409
    page = text_of(asked.text)
    assert "2 orang sudah memesan pada hari itu." in page
    assert "Dispendukcapil Sragen, Perekaman KTP-el: 1 orang" in page
    assert world.day().status is DayStatus.OPEN
    terms = {"step": "confirm", "hold_hours": "24", "precedence_days": "3", "extra_places": "1"}
    assert holiday(administrator, TOMORROW, **terms).status_code == 303
    for offering in (world.offering, world.offering_there):
        assert world.day(offering=offering).status is DayStatus.HOLIDAY
    closures = world.afresh().scalars(select(Closure).order_by(Closure.office_id)).all()
    assert [(one.kind, one.state, one.reason_id, one.hold_hours) for one in closures] == [
        ("holiday", "confirmed", "Cuti bersama", 24)
    ] * 2
    for closure in closures:
        carry_out_all(world.session, closure, now=MONDAY_MORNING)
    kinds = select(OutboxMessage.kind).where(OutboxMessage.booking_id == booking.id)
    assert list(world.session.scalars(kinds)) == ["confirmation", "day_closed"]
    deleted = administrator.post(f"/admin/libur/{listed(world).id}/hapus", {"reason": "Keputusan diubah"})
    assert deleted.status_code == 303
    assert world.day().status is DayStatus.OPEN
    assert {one.state for one in world.afresh().scalars(select(Closure))} == {ClosureState.REVOKED}


@pytest.mark.parametrize(
    "changes", [{"day": "x"}, {"day": "2020-01-01"}, {"name_id": ""}, {"reason": ""}, {"name_id": "0812 3456 7890"}]
)
def test_a_holiday_is_checked(administrator: Visitor, world: World, changes: dict[str, str]) -> None:
    assert holiday(administrator, TOMORROW, **changes).status_code == 422
    assert world.afresh().scalars(select(Holiday)).all() == []


def test_holidays_count_for_all_offices_and_are_changed_by_whoever_answers_for_all(
    visitor: Visitor, world: World
) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))  # of this office only
    assert holiday(visitor, TOMORROW).status_code == 422
    world.afresh().add(Holiday(date=TOMORROW, name_id="Natal", name_en="Christmas"))
    world.session.commit()
    assert "Natal" in visitor.get("/admin/libur").text
    assert "/hapus" not in visitor.get("/admin/libur").text
    for act in ("ubah", "hapus"):
        assert visitor.post(f"/admin/libur/{listed(world).id}/{act}", {"reason": "Iseng saja"}).status_code == 403


@pytest.mark.parametrize("holiday_id", ["x", "2026-11-24", "4711"])
def test_deleting_what_is_not_there(administrator: Visitor, holiday_id: str) -> None:
    assert administrator.get(f"/admin/libur/{holiday_id}/hapus").status_code == 404


def test_a_holiday_is_renamed_without_opening_its_day(administrator: Visitor, world: World) -> None:
    holiday(administrator, TOMORROW)
    path = f"/admin/libur/{listed(world).id}/ubah"
    assert "Cuti bersama" in administrator.get(path).text
    names = {"name_id": "Cuti bersama Natal", "name_en": ""}
    assert administrator.post(path, {**names, "reason": ""}).status_code == 422
    assert administrator.post(path, {**names, "reason": "Salah ketik"}).status_code == 303
    assert (world.day().status, world.day().reason_id) == (DayStatus.HOLIDAY, "Cuti bersama Natal")
    assert not any(slot.accepts for slot in world.day().slots)
    (entry,) = world.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "holiday.renamed").order_by(AuditEntry.id)
    )
    assert (entry.before["name"], entry.after["name"]) == ("Cuti bersama", "Cuti bersama Natal")
    assert "Cuti bersama Natal" in administrator.get("/admin/libur").text


def propose(world: World, *known: KnownHoliday) -> None:
    propose_holidays(world.afresh(), known, now=MONDAY_MORNING)
    world.session.commit()


def tomorrow(estimated: bool = True) -> KnownHoliday:
    return KnownHoliday(TOMORROW, "Hari Raya", "The Feast", estimated)


def test_an_undecided_year_is_said_where_the_administrator_comes_by(
    administrator: Visitor, visitor: Visitor, world: World
) -> None:
    for page in ("/petugas/", "/admin/layanan", "/admin/libur"):
        shown = text_of(administrator.get(page).text)
        assert "Daftar hari libur 2026 belum dipastikan." in shown
        assert "Daftar hari libur 2027 belum dipastikan." in shown
        assert "2028" not in shown
    decided = administrator.post("/admin/libur/tahun/2026", {"step": "complete", "reason": "SKB 2025"})
    assert decided.status_code == 303
    assert "libur 2026 belum" not in administrator.get("/petugas/").text
    assert administrator.get("/admin/libur/tahun/2026").status_code == 404
    visitor.sign_in(world, world.staff(Role.DESK))
    assert "belum dipastikan" not in visitor.get("/petugas/").text


def test_whoever_answers_for_one_office_only_is_told_who_decides(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    page = visitor.get("/petugas/").text
    assert "Ini dipastikan oleh administrator semua kantor." in page
    assert "/admin/libur/tahun/" not in page
    assert visitor.get("/admin/libur/tahun/2027").status_code == 403
    assert visitor.post("/admin/libur/tahun/2027", {"step": "complete", "reason": "Iseng saja"}).status_code == 403


def test_a_proposed_day_is_closed_with_a_label_until_it_is_certain(administrator: Visitor, world: World) -> None:
    propose(world, tomorrow())
    assert (world.day().status, world.day().reason_id) == (DayStatus.HOLIDAY, "Hari Raya (perkiraan libur)")
    assert "perkiraan libur" in administrator.get("/admin/libur").text
    page = administrator.get("/admin/libur/tahun/2026").text
    assert "Selasa, 24 November 2026: Hari Raya · perkiraan" in page
    path, sent = "/admin/libur/tahun/2026", {"dates": [TOMORROW.isoformat()], "step": "some"}
    assert administrator.post(path, sent).status_code == 422  # without a reason
    assert administrator.post(path, {**sent, "reason": "SKB 2025"}).status_code == 303
    assert (world.day().status, world.day().reason_id) == (DayStatus.HOLIDAY, "Hari Raya")
    assert world.session.get(HolidayYear, 2026) is None
    assert "Tidak ada lagi tanggal" in administrator.get(path).text


def test_what_stays_unticked_opens_once_the_list_is_complete(administrator: Visitor, world: World) -> None:
    propose(world, tomorrow())
    path = "/admin/libur/tahun/2026"
    (said,) = refusals(administrator.post(path, {"step": "some", "reason": "SKB 2025"}))
    assert said == "Centang dulu tanggal yang memang libur."
    assert administrator.post(path, {"step": "complete", "reason": "SKB 2025"}).status_code == 303
    assert world.day().status is DayStatus.OPEN
    assert listed(world).status is HolidayStatus.DISMISSED
    assert "Hari Raya" not in administrator.get("/admin/libur").text
    assert administrator.get(f"/admin/libur/{listed(world).id}/ubah").status_code == 404
    (entry,) = world.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "holidays.decided").order_by(AuditEntry.id)
    )
    assert (entry.subject_id, entry.reason) == (2026, "SKB 2025")
    assert "Hari libur setahun 2026" in text_of(administrator.get("/admin/jejak").text)


def test_people_on_a_proposed_day_are_seen_and_stand_in_the_way(administrator: Visitor, world: World) -> None:
    world.book(TOMORROW)
    propose(world, tomorrow(estimated=False))
    assert world.day().status is DayStatus.OPEN
    path = "/admin/libur/tahun/2026"
    assert "satu orang sudah memesan" in administrator.get(path).text
    sent = {"dates": [TOMORROW.isoformat()], "step": "complete", "reason": "SKB 2025"}
    answer = administrator.post(path, sent)
    assert answer.status_code == 422
    assert f'href="/admin/hari/tutup/{world.day().id}"' in answer.text
    assert world.session.get(HolidayYear, 2026) is None


@pytest.mark.parametrize("dates", ["x", "2026-12-24", ""])
def test_a_date_that_nobody_proposed_is_refused(administrator: Visitor, world: World, dates: str) -> None:
    propose(world, tomorrow())
    sent = {"dates": dates, "step": "some", "reason": "SKB 2025"}
    assert administrator.post("/admin/libur/tahun/2026", sent).status_code == 422


@pytest.mark.parametrize("year", [0, 2025, 2029, 99999])
def test_only_years_that_can_have_days_are_decided(administrator: Visitor, year: int) -> None:
    assert administrator.get(f"/admin/libur/tahun/{year}").status_code == 404


def test_what_the_library_has_given_up_is_not_ticked(administrator: Visitor, world: World) -> None:
    """A date by the moon that the decree then put elsewhere; `known_holidays` knows no holiday on the 24th."""
    propose(world, tomorrow(), *(known for known in known_holidays([2026]) if known.date > TODAY))
    page = administrator.get("/admin/libur/tahun/2026").text
    assert "tidak lagi disebut dalam daftar terbaru" in page
    ticked = [line for line in page.split("<input") if "checked" in line]
    assert any("2026-12-25" in line for line in ticked)
    assert not any("2026-11-24" in line for line in ticked)
