"""The page of staff: who is changed, kept out and let in again, and by whom."""

import re

import pytest
from sqlalchemy import select

from queue_app.domain.attempts import SECOND_STEP
from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Office, PasswordReset, SecondFactor, Staff, StaffAssignment
from queue_app.services.access.attempts import attempt, take
from queue_app.web.admin.access import staff as colleagues_page
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World, refusals


def other_browser(administrator: Visitor) -> Visitor:
    return Visitor(administrator.client.application.test_client())


def values(world: World, **changes: object) -> dict[str, object]:
    return {"name": "Budi Baru", "held": at(world.here, "desk", "counter"), **changes}


def at(office: Office, *roles: str) -> list[str]:
    return [f"{office.id}-{role}" for role in roles]


def held_by(world: World, staff_id: int) -> set[tuple[int, Role]]:
    rows = world.afresh().scalars(select(StaffAssignment).where(StaffAssignment.staff_id == staff_id))
    return {(one.office_id, one.role) for one in rows}


def test_deactivating_logs_the_person_out_at_once(administrator: Visitor, world: World, visitor: Visitor) -> None:
    colleague = world.staff(Role.DESK)
    other = Visitor(administrator.client.application.test_client()).sign_in(world, colleague)
    assert other.get("/petugas/").status_code == 200
    path = f"/admin/petugas/{colleague.id}/nonaktifkan"
    assert administrator.get(path).status_code == 200
    assert administrator.post(path, {"reason": ""}).status_code == 422
    assert administrator.post(path, {"reason": "Pindah tugas"}).status_code == 303
    assert other.get("/petugas/").status_code == 303
    entry = world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == "staff.deactivated")).one()
    assert (entry.reason, entry.office_id) == ("Pindah tugas", world.here.id)
    assert "nonaktif" in administrator.get("/admin/petugas").text


def test_nobody_deactivates_oneself_or_people_of_other_offices(visitor: Visitor, world: World) -> None:
    mine, theirs = world.staff(Role.ADMINISTRATOR), world.staff(Role.DESK, world.there)
    both = world.staff(Role.AUDITOR, world.here, world.there)
    visitor.sign_in(world, mine)
    assert world.staff(Role.DESK, world.there).username not in visitor.get("/admin/petugas").text
    for staff_id in (mine.id, theirs.id, both.id, 99999):
        path = f"/admin/petugas/{staff_id}/nonaktifkan"
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {"reason": "Iseng saja"}).status_code == 404
    assert all(world.afresh().scalars(select(Staff.active)))


def test_roles_are_given_office_by_office(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    colleague = world.staff(Role.DESK, world.here, world.there)
    path = f"/admin/petugas/{colleague.id}"
    both = [*at(world.here, "desk", "counter"), *at(world.there, "auditor")]
    assert visitor.post(path, values(world, held=both)).status_code == 303
    here, there = world.here.id, world.there.id
    assert held_by(world, colleague.id) == {(here, Role.DESK), (here, Role.COUNTER), (there, Role.AUDITOR)}
    page = visitor.get(path).text
    ticked = re.findall(r'name="held" value="([^"]+)" checked', page)
    assert sorted(ticked) == sorted(both)
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.edited")).one()
    said = visitor.get(f"/admin/jejak/{entry.id}").text
    assert f"{world.there.name}: Meja depan" in said
    assert f"{world.here.name}: Loket; {world.there.name}: Auditor" in said


def test_what_somebody_does_at_offices_of_others_stays(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    colleague = world.staff(Role.DESK, world.here, world.there)
    path, name = f"/admin/petugas/{colleague.id}", colleague.name
    page = visitor.get(path).text
    assert f"bekerja juga di: {world.there.name}." in page
    assert 'name="name"' not in page
    assert "Tindakan lain" not in page
    assert path in visitor.get("/admin/petugas").text
    foreign = visitor.post(path, {"held": at(world.there, "administrator")})
    assert (foreign.status_code, len(refusals(foreign))) == (422, 1)
    assert visitor.post(path, {"name": "Lain", "held": at(world.here, "counter")}).status_code == 303
    assert held_by(world, colleague.id) == {(world.here.id, Role.COUNTER), (world.there.id, Role.DESK)}
    assert world.session.get_one(Staff, colleague.id, populate_existing=True).name == name
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.edited")).one()
    assert (entry.office_id, entry.before) == (world.here.id, {"held": [[world.here.id, "desk"]]})
    assert visitor.post(path, {}).status_code == 303, "they may leave this office for the other"
    assert held_by(world, colleague.id) == {(world.there.id, Role.DESK)}
    assert visitor.get(path).status_code == 404


def test_a_colleague_gets_another_name_and_several_roles(administrator: Visitor, world: World) -> None:
    colleague = world.staff(Role.DESK)
    page = administrator.get(f"/admin/petugas/{colleague.id}").text
    assert re.search(rf'value="{world.here.id}-desk" checked', page)
    assert administrator.post(f"/admin/petugas/{colleague.id}", values(world)).status_code == 303
    changed = world.afresh().get_one(Staff, colleague.id, populate_existing=True)
    assert changed.name == "Budi Baru"
    assert {one.role for one in changed.assignments} == {Role.DESK, Role.COUNTER}
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.edited")).one()
    assert (entry.before, entry.after) == (
        {"held": []},
        {"held": [[world.here.id, "counter"]], "renamed": True},
    )


@pytest.mark.parametrize("changes", [{"name": " "}, {"name": "081234567890 a"}, {"held": []}, {"held": ["1-king"]}])
def test_a_change_is_checked_and_nothing_typed_is_lost(
    administrator: Visitor, world: World, changes: dict[str, object]
) -> None:
    colleague = world.staff(Role.DESK)
    answer = administrator.post(f"/admin/petugas/{colleague.id}", values(world, **changes))
    assert answer.status_code == 422
    assert len(refusals(answer)) == 1
    assert world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == "staff.edited")).all() == []


def test_who_loses_a_role_or_an_office_loses_it_at_once(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    colleague = world.staff(Role.DESK, world.here, world.there)
    other = other_browser(visitor).sign_in(world, colleague)
    path = f"/admin/petugas/{colleague.id}"
    visitor.post(path, values(world, held=[*at(world.here, "counter"), *at(world.there, "counter")]))
    assert (other.get("/petugas/").status_code, other.get("/meja/bantu").status_code) == (200, 403)
    visitor.post(path, values(world, held=at(world.there, "counter")))
    assert other.get("/petugas/").status_code == 303, "it stood at the office that was taken"


def test_the_last_administrator_of_an_office_stays(
    administrator: Visitor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is for the second of two who deactivate each other: the page was opened before the first one did."""
    boss = world.staff(Role.ADMINISTRATOR, world.here, world.there)
    colleague = world.staff(Role.ADMINISTRATOR)
    monkeypatch.setattr(colleagues_page, "may_look_after", lambda *_: True)
    monkeypatch.setattr(colleagues_page, "may_give_roles", lambda *_: True)
    world.session.get_one(Staff, colleague.id).active = False
    world.session.commit()
    answer = administrator.post(f"/admin/petugas/{boss.id}/nonaktifkan", {"reason": "Pindah tugas"})
    assert refusals(answer) == [
        "Dispendukcapil Sragen akan tanpa administrator yang aktif. Jadikan orang lain administrator di sana dulu, "
        "lalu ulangi."
    ]
    taken = administrator.post(f"/admin/petugas/{boss.id}", values(world))
    assert taken.status_code == 422
    assert "tanpa administrator yang aktif" in refusals(taken)[0]
    assert world.afresh().get_one(Staff, boss.id, populate_existing=True).active


def test_a_deactivated_account_comes_back_with_a_reason(administrator: Visitor, world: World) -> None:
    colleague = world.staff(Role.DESK)
    administrator.post(f"/admin/petugas/{colleague.id}/nonaktifkan", {"reason": "Cuti panjang"})
    path = f"/admin/petugas/{colleague.id}/aktifkan"
    assert path in administrator.get("/admin/petugas").text
    assert administrator.post(path, {"reason": ""}).status_code == 422
    assert administrator.post(path, {"reason": "Kembali bertugas"}).status_code == 303
    assert world.afresh().get_one(Staff, colleague.id, populate_existing=True).active
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.reactivated")).one()
    assert entry.reason == "Kembali bertugas"


def test_a_second_factor_is_reset_with_a_reason(administrator: Visitor, world: World) -> None:
    colleague = world.staff(Role.AUDITOR)
    other = other_browser(administrator).sign_in(world, colleague)
    path = f"/admin/petugas/{colleague.id}/kode-masuk"
    assert path in administrator.get(f"/admin/petugas/{colleague.id}").text
    assert administrator.post(path, {"reason": " "}).status_code == 422
    assert other.get("/admin/jejak").status_code == 200
    assert administrator.post(path, {"reason": "HP hilang"}).status_code == 303
    assert other.get("/admin/jejak").status_code == 303
    assert world.afresh().scalars(select(SecondFactor).where(SecondFactor.staff_id == colleague.id)).all() == []
    entry = world.session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.second_factor_reset")).one()
    assert (entry.reason, entry.subject_id) == ("HP hilang", colleague.id)


def test_a_password_link_is_three_presses_away_and_shown_once(administrator: Visitor, world: World) -> None:
    path = f"/admin/petugas/{world.staff(Role.DESK).id}/kata-sandi"
    assert "/admin/petugas" in administrator.get("/petugas/").text
    assert path in administrator.get("/admin/petugas").text
    assert 'id="one-time-link"' not in administrator.get(path).text
    made = administrator.post(path)
    shown = administrator.get(made.location).text
    assert re.search(r'id="one-time-link" value="http://[^"]+/petugas/kata-sandi-baru/[^"]{43}"', shown)
    assert "https://wa.me/?text=Halo" in shown
    assert "Selasa, 24 November 2026 pukul 09.00 WIB" in shown, "when it ends"
    assert 'id="one-time-link"' not in administrator.get(made.location).text
    assert len(world.afresh().scalars(select(PasswordReset)).all()) == 1


def test_nothing_of_it_is_for_oneself_or_for_people_of_other_offices(visitor: Visitor, world: World) -> None:
    mine, theirs = world.staff(Role.ADMINISTRATOR), world.staff(Role.DESK, world.there)
    both = world.staff(Role.AUDITOR, world.here, world.there)
    visitor.sign_in(world, mine)
    for staff_id in (mine.id, theirs.id, both.id, 99999):
        for act in ("" if staff_id != both.id else "/nonaktifkan", "/kata-sandi", "/kode-masuk", "/aktifkan"):
            path = f"/admin/petugas/{staff_id}{act}"
            assert visitor.get(path).status_code == 404
            assert visitor.post(path, values(world, reason="Iseng")).status_code == 404
    assert world.afresh().scalars(select(PasswordReset)).all() == []


def test_waits_after_wrong_codes_are_seen_and_ended(administrator: Visitor, world: World) -> None:
    colleague = world.staff(Role.AUDITOR)
    one = attempt(SECOND_STEP, colleague.username, "", keyring=world.keyring, username=colleague.username)
    for _ in range(3):
        take(world.session, [one], now=MONDAY_MORNING)
    world.session.commit()
    assert "banyak kata sandi salah" in administrator.get("/admin/petugas").text
    assert administrator.post(f"/admin/petugas/{colleague.id}/percobaan-baru").status_code == 303
    assert "banyak kata sandi salah" not in administrator.get("/admin/petugas").text
