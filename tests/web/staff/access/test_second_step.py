"""Logging in with a code after the password."""

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Staff
from queue_app.services.access import recovery_codes
from queue_app.services.access.passwords import Proof, hash_password
from queue_app.web.staff.access import log_in as log_in_views
from tests.harness.factories import PASSWORD, enrol, make_staff, time_code
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World, refusals

LOG_IN, CODE = "/petugas/masuk", "/petugas/masuk/kode"


def password(visitor: Visitor, username: str = "kepala", query: str = "") -> TestResponse:
    return visitor.post(LOG_IN + query, {"username": username, "password": PASSWORD})


def sealed(page: TestResponse) -> dict[str, str]:
    return dict(re.findall(r'name="(proof|typed_before)" value="([^"]+)"', page.text))


def code(visitor: Visitor, page: TestResponse, typed: str, query: str = "") -> TestResponse:
    return visitor.post(CODE + query, {**sealed(page), "time_code": typed})


def test_the_password_alone_opens_nothing(visitor: Visitor, boss: Staff, clock: FixedClock) -> None:
    page = password(visitor)
    assert page.status_code == 200
    assert "Jam server sekarang 09.00" in page.text
    assert not [one for one in page.headers.getlist("Set-Cookie") if one.startswith("staff_session")]
    assert visitor.get("/petugas/").status_code == 303
    answer = code(visitor, page, time_code(clock.now()))
    assert (answer.status_code, answer.location) == (303, "/petugas/")
    assert "/admin/layanan" in visitor.get("/petugas/").text


def test_one_is_back_where_one_was(visitor: Visitor, boss: Staff, clock: FixedClock) -> None:
    page = password(visitor, query="?next=/admin/petugas")
    (action,) = re.findall(r'action="([^"]+)" novalidate data-log-in', page.text)
    assert action == f"{CODE}?next=/admin/petugas"
    answer = code(visitor, page, time_code(clock.now()), "?next=/admin/petugas")
    assert answer.location == "/admin/petugas"
    elsewhere = code(visitor, password(visitor), time_code(clock.now()), "?next=//evil.example")
    assert elsewhere.status_code == 422, "a code is good once"


def test_a_wrong_code_is_refused_and_not_given_back(visitor: Visitor, boss: Staff, clock: FixedClock) -> None:
    page = password(visitor)
    answer = code(visitor, page, "123456")
    assert answer.status_code == 422
    assert "Kode ini salah" in refusals(answer)[0]
    assert "123456" not in answer.text
    assert code(visitor, answer, time_code(clock.now())).status_code == 303


def test_of_many_guesses_five_come_through_and_the_right_code_waits(
    visitor: Visitor, boss: Staff, clock: FixedClock
) -> None:
    page = password(visitor)
    assert [code(visitor, page, "123456").status_code for _ in range(7)] == [422] * 5 + [429] * 2
    assert code(visitor, page, time_code(clock.now())).status_code == 429
    clock.advance(minutes=10)
    page = password(visitor)
    assert code(visitor, page, time_code(clock.now())).status_code == 303


def test_guessing_elsewhere_keeps_nobody_out_of_their_own_browser(
    visitor: Visitor, boss: Staff, clock: FixedClock
) -> None:
    code(visitor, password(visitor), time_code(clock.now()))
    visitor.post("/petugas/keluar")
    thief = Visitor(visitor.client.application.test_client())
    page = password(thief)
    assert [code(thief, page, "123456").status_code for _ in range(6)][-1] == 429
    clock.advance(minutes=1)
    assert code(visitor, password(visitor), time_code(clock.now())).status_code == 303


def test_a_proof_is_good_for_ten_minutes_and_not_after_a_new_password(
    visitor: Visitor, boss: Staff, world: World, clock: FixedClock
) -> None:
    page = password(visitor)
    clock.advance(minutes=10, seconds=1)
    late = code(visitor, page, time_code(clock.now()))
    assert (late.status_code, "data-log-in" in late.text) == (401, True)
    page = password(visitor)
    world.afresh().get_one(Staff, boss.id).password_hash = hash_password("another-one-entirely")
    world.session.commit()
    assert code(visitor, page, time_code(clock.now())).status_code == 401


@pytest.mark.parametrize("proof", ["", "x", "YWJj", "\xff"])
def test_a_bent_proof_leads_to_the_password(visitor: Visitor, boss: Staff, clock: FixedClock, proof: str) -> None:
    assert visitor.get(CODE).location == LOG_IN
    answer = visitor.post(CODE, {"proof": proof, "time_code": time_code(clock.now())})
    assert answer.status_code == 401


def test_a_recovery_code_lets_in_once_and_says_how_many_are_left(
    visitor: Visitor, boss: Staff, world: World, clock: FixedClock
) -> None:
    codes = recovery_codes.new_codes()
    account = world.afresh().get_one(Staff, boss.id)
    recovery_codes.renew(world.session, Proof(account.id, account.password_hash), codes, now=clock.now())
    world.session.commit()
    answer = code(visitor, password(visitor), codes.shown[0].lower())
    assert answer.status_code == 303
    assert "sisa 9" in visitor.get(answer.location).text
    assert code(visitor, password(visitor), codes.shown[0]).status_code == 422
    assert "staff.recovery_code_used" in world.afresh().scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()


def test_who_has_none_is_asked_for_none(visitor: Visitor, world: World) -> None:
    make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    assert password(visitor, "siti").location == "/petugas/"


def test_who_enrols_while_a_password_is_looked_at_asks_for_a_code(
    visitor: Visitor, newcomer: Staff, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody with the password alone would be in for half a day, past the second factor."""
    look = log_in_views.verified

    def verified(username: str, typed: str) -> Proof:
        proof = look(username, typed)
        enrol(world.afresh(), world.session.get_one(Staff, newcomer.id), world.keyring, now=MONDAY_MORNING)
        world.session.commit()
        return proof

    monkeypatch.setattr(log_in_views, "verified", verified)
    assert sealed(password(visitor, "rina"))
    assert visitor.get("/petugas/").status_code == 303
