"""Enrolling a second factor: first of all for those who must, under the own account for everybody else."""

import re
from html import unescape

import pyotp
import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.models import SecondFactor, Staff, StaffSession
from tests.harness.factories import PASSWORD, make_staff, time_code
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World, refusals
from tests.web.citizen import text_of

ENROL, START = "/petugas/akun/kode-masuk", "/petugas/"
RECOVERY_CODE = re.compile(r"<li>([0-9A-Z]{4}-[0-9A-Z]{4})</li>")


def secret_on(page: str) -> str:
    return re.search(r'class="secret-text">([^<]+)<', page).group(1).replace(" ", "")


def log_in(visitor: Visitor, username: str = "rina") -> TestResponse:
    return visitor.post("/petugas/masuk", {"username": username, "password": PASSWORD})


def enrol(visitor: Visitor, clock: FixedClock, **values: str) -> TestResponse:
    visitor.post(ENROL, {"step": "begin", **values})
    secret = secret_on(visitor.get(ENROL).text)
    return visitor.post(ENROL, {"step": "confirm", "time_code": pyotp.TOTP(secret).at(clock.now())})


def test_no_other_page_opens_before(visitor: Visitor, newcomer: Staff) -> None:
    log_in(visitor)
    for path in (START, "/admin/jejak", "/petugas/akun", "/petugas/akun/kata-sandi"):
        assert visitor.get(path).location == f"{ENROL}?next={path}"
    assert visitor.post("/petugas/kantor", {"office": "1"}).status_code == 307
    told = visitor.post_json("/petugas/akun/kata-sandi")
    assert (told.status_code, told.json["code"]) == (403, "second_factor_needed")
    page = visitor.get(ENROL).text
    assert "wajib memakainya" in page
    assert "/admin/jejak" not in page
    assert visitor.post("/petugas/keluar").status_code == 303


def test_the_first_right_code_opens_them_and_shows_recovery_codes(
    visitor: Visitor, newcomer: Staff, clock: FixedClock
) -> None:
    log_in(visitor)
    answer = enrol(visitor, clock)
    assert (answer.status_code, len(RECOVERY_CODE.findall(answer.text))) == (200, 10)
    assert visitor.get("/admin/jejak").status_code == 200
    assert "Sisa 10 kode cadangan" in text_of(visitor.get("/petugas/akun").text)
    assert not RECOVERY_CODE.search(visitor.get(ENROL).text)


def test_interrupted_half_way_nothing_is_on(visitor: Visitor, newcomer: Staff, clock: FixedClock) -> None:
    log_in(visitor)
    shown = visitor.get(visitor.post(ENROL, {"step": "begin"}).location).text
    wrong = visitor.post(ENROL, {"step": "confirm", "time_code": "123456"})
    assert (wrong.status_code, len(refusals(wrong))) == (422, 1)
    assert secret_on(wrong.text) == secret_on(shown), "the one that was scanned"
    visitor.post("/petugas/keluar")
    assert log_in(visitor).location == START, "the password is enough as before"
    assert visitor.get(START).status_code == 303
    assert secret_on(visitor.get(ENROL).text) == secret_on(shown)
    clock.advance(minutes=20)
    visitor.post("/petugas/keluar")
    clock.advance(minutes=50)
    log_in(visitor)
    assert "Mulai" in visitor.get(ENROL).text


def test_the_code_holds_what_stands_beside_it(visitor: Visitor, newcomer: Staff) -> None:
    log_in(visitor)
    page = visitor.get(visitor.post(ENROL, {"step": "begin"}).location).text
    address = unescape(re.search(r'href="(otpauth:[^"]+)"', page).group(1))
    read = pyotp.parse_uri(address)
    assert (read.secret, read.name, read.issuer) == (secret_on(page), "rina", "Antrean Dukcapil")
    assert re.search(r'class="secret-text">([A-Z2-7]{4} ){7}[A-Z2-7]{4}<', page), "in groups of four"
    assert "<svg" in page


def test_a_form_that_somebody_sent_with_a_new_role_is_sent_after_enrolling(
    visitor: Visitor, world: World, clock: FixedClock
) -> None:
    """The role came while they were typing."""
    siti = make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    log_in(visitor, "siti")
    token = visitor.form_token()
    world.afresh().get_one(Staff, siti.id).assignments[0].role = Role.ADMINISTRATOR
    world.session.commit()
    path = "/admin/kios/baru"
    sent = {"name": "Loket pintu", "csrf_token": token}
    kept = visitor.client.post(path, data=sent)
    assert kept.status_code == 307
    page = visitor.client.post(kept.location, data=sent)
    assert (page.status_code, "Loket pintu" in page.text) == (403, False)
    sealed = {"typed_before": re.search(r'name="typed_before" value="([^"]+)"', page.text).group(1)}
    shown = visitor.post(ENROL, {"step": "begin", **sealed})
    sealed = {"typed_before": re.search(r'name="typed_before" value="([^"]+)"', shown.text).group(1)}
    code = pyotp.TOTP(secret_on(shown.text)).at(clock.now())
    done = visitor.post(ENROL, {"step": "confirm", "time_code": code, **sealed}).text
    assert f'action="{path}"' in done
    assert 'name="name" value="Loket pintu"' in done


def test_others_show_their_password_and_are_out_elsewhere(visitor: Visitor, world: World, clock: FixedClock) -> None:
    siti = make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    elsewhere = Visitor(visitor.client.application.test_client())
    for one in (elsewhere, visitor):
        log_in(one, "siti")
    assert "Pasang kode masuk" in visitor.get("/petugas/akun").text
    refused = visitor.post(ENROL, {"step": "begin", "present": "not-the-password"})
    assert (refused.status_code, len(refusals(refused))) == (403, 1)
    assert world.afresh().scalars(select(SecondFactor)).all() == []
    assert RECOVERY_CODE.search(enrol(visitor, clock, present=PASSWORD).text)
    assert elsewhere.get(START).status_code == 303
    assert visitor.get(START).status_code == 200
    off = visitor.post(f"{ENROL}/matikan", {"present": PASSWORD})
    assert off.status_code == 303
    assert world.afresh().scalars(select(SecondFactor).where(SecondFactor.staff_id == siti.id)).all() == []


def test_those_who_must_cannot_turn_it_off(visitor: Visitor, boss: Staff, world: World) -> None:
    visitor.sign_in(world, boss)
    assert "matikan" not in visitor.get("/petugas/akun").text
    answer = visitor.post(f"{ENROL}/matikan", {"present": PASSWORD})
    assert (answer.status_code, refusals(answer)) == (403, ["Administrator dan auditor selalu masuk dengan kode."])


def test_recovery_codes_are_renewed_with_the_password(visitor: Visitor, boss: Staff, world: World) -> None:
    visitor.sign_in(world, boss)
    path = "/petugas/akun/kode-cadangan"
    assert not RECOVERY_CODE.search(visitor.get(path).text)
    assert visitor.post(path, {"present": "not-the-password"}).status_code == 403
    first = RECOVERY_CODE.findall(visitor.post(path, {"present": PASSWORD}).text)
    second = RECOVERY_CODE.findall(visitor.post(path, {"present": PASSWORD}).text)
    assert (len(first), len(second), set(first) & set(second)) == (10, 10, set())


def test_a_lost_telephone_is_replaced_under_the_own_account(
    visitor: Visitor, boss: Staff, world: World, clock: FixedClock
) -> None:
    visitor.sign_in(world, boss)
    assert "tetap berlaku" in visitor.get(ENROL).text
    assert enrol(visitor, clock, present=PASSWORD).status_code == 200
    page = visitor.post("/petugas/masuk", {"username": "kepala", "password": PASSWORD})
    proof = re.search(r'name="proof" value="([^"]+)"', page.text).group(1)
    old = visitor.post("/petugas/masuk/kode", {"proof": proof, "time_code": time_code(clock.now())})
    assert old.status_code == 422


@pytest.mark.parametrize("step", ["", "x", "confirm"])
def test_a_bent_step_begins_at_the_beginning(visitor: Visitor, newcomer: Staff, world: World, step: str) -> None:
    log_in(visitor)
    answer = visitor.post(ENROL, {"step": step, "time_code": "123456"})
    assert answer.status_code in {200, 303}
    assert world.afresh().scalars(select(SecondFactor)).all() == []


def test_one_of_the_own_log_ins_is_ended(visitor: Visitor, world: World, clock: FixedClock) -> None:
    make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username="siti")
    world.session.commit()
    app = visitor.client.application
    second, third = (Visitor(app.test_client()) for _ in range(2))
    for one in (visitor, second, third):
        log_in(one, "siti")
        clock.advance(minutes=5)
    listed = re.findall(r'href="(/petugas/akun/perangkat/[0-9a-f]{16})"', visitor.get("/petugas/akun").text)
    assert len(listed) == 2
    path = listed[1]  # the newest comes first
    assert "09.05" in visitor.get(path).text
    assert visitor.post(path, {"present": "not-the-password"}).status_code == 403
    assert visitor.post(path, {"present": PASSWORD}).status_code == 303
    assert [one.get(START).status_code for one in (visitor, second, third)] == [200, 303, 200]
    for bent in (path, "/petugas/akun/perangkat/x", f"{path}%00", "/petugas/akun/perangkat/%C3%A9"):
        assert visitor.get(bent).status_code == visitor.post(bent, {"present": PASSWORD}).status_code == 404
    stored = world.afresh().scalars(select(StaffSession)).all()
    assert not any(one.token_hash.hex().startswith(path.rsplit("/", 1)[1]) for one in stored)
