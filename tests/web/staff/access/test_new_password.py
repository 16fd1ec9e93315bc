"""A new password behind a one-time link."""

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Staff
from queue_app.services.access.password_resets import make_link
from tests.harness.factories import PASSWORD, TESTER, make_staff
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World, refusals

NEW = "empat kata yang baru"


@pytest.fixture
def forgetful(world: World) -> Staff:
    staff = make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    return staff


def link_for(world: World, staff: Staff, clock: FixedClock) -> str:
    token = make_link(world.afresh(), staff.id, made_by=None, actor=TESTER, now=clock.now())
    world.session.commit()
    return f"/petugas/kata-sandi-baru/{token}"


def choose(visitor: Visitor, link: str, password: str = NEW) -> object:
    return visitor.post(link, {"password": password, "repeat": password})


def log_in(visitor: Visitor, password: str) -> int:
    return visitor.post("/petugas/masuk", {"username": "siti", "password": password}).status_code


def test_it_sets_a_password_and_ends_all_sessions(
    visitor: Visitor, forgetful: Staff, world: World, clock: FixedClock
) -> None:
    inside = Visitor(visitor.client.application.test_client()).sign_in(world, forgetful)
    link = link_for(world, forgetful, clock)
    page = visitor.get(link)
    assert "siti" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert inside.get("/petugas/").status_code == 200, "looking changes nothing"
    assert choose(visitor, link).location == "/petugas/masuk"
    assert inside.get("/petugas/").status_code == 303
    assert (log_in(visitor, PASSWORD), log_in(visitor, NEW)) == (422, 303)
    for answer in (visitor.get(link), choose(visitor, link)):
        assert (answer.status_code, "sudah dipakai satu kali" in answer.text) == (410, True)
    actions = world.afresh().scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert {"staff.reset_link_made", "staff.password_reset"} <= set(actions)


def test_whoever_forgot_it_need_not_wait_for_the_wrong_ones(
    visitor: Visitor, forgetful: Staff, world: World, clock: FixedClock
) -> None:
    assert [log_in(visitor, "salah-salah-salah") for _ in range(6)][-1] == 429
    choose(visitor, link_for(world, forgetful, clock))
    assert log_in(visitor, NEW) == 303


def test_it_is_good_for_a_day_and_the_newest_one_alone(
    visitor: Visitor, forgetful: Staff, world: World, clock: FixedClock
) -> None:
    first = link_for(world, forgetful, clock)
    second = link_for(world, forgetful, clock)
    assert "dicabut atau diganti" in visitor.get(first).text
    clock.advance(hours=24)
    assert visitor.get(second).status_code == 200
    clock.advance(seconds=1)
    answer = choose(visitor, second)
    assert (answer.status_code, "berlaku 24 jam" in answer.text) == (410, True)


@pytest.mark.parametrize("password", ["elevenchars", "password-siti", "a" * 201])
def test_a_weak_one_is_refused_and_uses_nothing_up(
    visitor: Visitor, forgetful: Staff, world: World, clock: FixedClock, password: str
) -> None:
    link = link_for(world, forgetful, clock)
    answer = choose(visitor, link, password)
    assert (answer.status_code, len(refusals(answer))) == (422, 1)
    assert password not in answer.text
    assert choose(visitor, link).status_code == 303


def test_a_second_factor_stays(visitor: Visitor, boss: Staff, world: World, clock: FixedClock) -> None:
    choose(visitor, link_for(world, boss, clock))
    page = visitor.post("/petugas/masuk", {"username": "kepala", "password": NEW})
    assert 'name="proof"' in page.text


def test_it_ends_with_the_account(
    visitor: Visitor, forgetful: Staff, boss: Staff, world: World, clock: FixedClock
) -> None:
    link = link_for(world, forgetful, clock)
    administrator = Visitor(visitor.client.application.test_client()).sign_in(world, boss)
    assert administrator.post(f"/admin/petugas/{forgetful.id}/nonaktifkan", {"reason": "Pindah"}).status_code == 303
    assert choose(visitor, link).status_code == 410
    assert administrator.post(f"/admin/petugas/{forgetful.id}/kata-sandi").status_code == 404
