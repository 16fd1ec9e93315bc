"""Wrong passwords: whoever guesses waits, whoever works here comes in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from queue_app.domain.roles import Role
from queue_app.jobs.registry import run_job
from queue_app.models import AttemptCount, AuditEntry, Staff
from queue_app.web.access.passwords import KNOWN_BROWSER_COOKIE
from tests.harness.factories import PASSWORD, make_staff
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import Visitor, World, refusals

LOG_IN = "/petugas/masuk"
WRONG = "salah-salah-salah"
Browser = Callable[..., "Person"]


class Person:
    """At a browser of one's own, in a network of one's own."""

    def __init__(self, app: Flask, address: str) -> None:
        self.visitor, self.address = Visitor(app.test_client()), address
        self.token = self.visitor.form_token()

    def log_in(self, username: str = "siti", password: str = PASSWORD, address: str | None = None) -> TestResponse:
        values = {"csrf_token": self.token, "username": username, "password": password}
        environ = {"REMOTE_ADDR": address or self.address}
        answer = self.visitor.client.post(LOG_IN, data=values, environ_base=environ)
        if answer.status_code == 303:
            self.token = ""  # logging in ends the session that it belonged to
            self.visitor.post("/petugas/keluar")
            self.token = self.visitor.form_token()
        return answer

    def guess(self, times: int, username: str = "siti", **options: str) -> list[int]:
        return [self.log_in(username, WRONG, **options).status_code for _ in range(times)]


@pytest.fixture
def person(app: Flask, siti: Staff) -> Browser:
    return lambda address="192.0.2.1": Person(app, address)


def test_fourteen_wrong_passwords_of_a_stranger_lock_nobody_out(person: Browser) -> None:
    assert person("198.51.100.7").guess(14) == [422] * 5 + [429] * 9
    assert person().log_in().status_code == 303


def test_the_page_says_how_long_and_what_to_do(person: Browser, clock: FixedClock) -> None:
    stranger = person()
    stranger.guess(5)
    answer = stranger.log_in()
    assert answer.status_code == 429
    assert refusals(answer) == ["Terlalu banyak percobaan. Tunggu 4 menit, lalu coba lagi."]
    assert "Administrator kantor Anda dapat memberi percobaan baru" in answer.text
    assert PASSWORD not in answer.text
    clock.advance(minutes=3, seconds=30)
    assert "Tunggu satu menit" in stranger.log_in().text
    clock.advance(seconds=31)
    assert stranger.log_in().status_code == 303


def test_names_without_an_account_are_told_the_same(person: Browser) -> None:
    known, unknown = person("192.0.2.8"), person("192.0.2.9")
    for _ in range(7):
        answers = [known.log_in("siti", WRONG), unknown.log_in("nobody", WRONG)]
        pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in answers]
        assert answers[0].status_code == answers[1].status_code
        assert pages[0] == pages[1]


def test_names_without_an_account_are_counted_the_same(person: Browser, session: Session) -> None:
    counts = []
    for address, name in (("192.0.2.8", "siti"), ("192.0.2.9", "nobody")):
        before = session.scalar(select(func.count()).select_from(AttemptCount))
        person(address).guess(7, name)
        session.rollback()
        counts.append(session.scalar(select(func.count()).select_from(AttemptCount)) - before)
    assert counts == [3, 3]


def test_one_network_cannot_try_many_names(person: Browser) -> None:
    stranger = person()
    answers = [stranger.log_in(f"name{number}", WRONG).status_code for number in range(26)]
    assert answers == [422] * 20 + [429] * 6
    assert stranger.log_in("siti").status_code == 429
    assert person("192.0.2.2").log_in("siti").status_code == 303


def test_an_ipv6_network_is_one(person: Browser) -> None:
    stranger = person()
    answers = [stranger.log_in("siti", WRONG, f"2001:db8:1:1::{number:x}").status_code for number in range(8)]
    assert answers == [422] * 5 + [429] * 3
    assert stranger.log_in("siti", WRONG, "2001:db8:1:2::1").status_code == 422


def test_many_networks_cannot_try_one_name_but_its_owner_comes_in(person: Browser) -> None:
    own, elsewhere = person(), person("203.0.113.9")
    assert own.log_in().status_code == 303
    stranger = person()
    answers = [stranger.log_in("siti", WRONG, f"198.51.100.{number}").status_code for number in range(60)]
    assert answers == [422] * 20 + [429] * 40
    assert elsewhere.log_in().status_code == 429, "from a new browser one waits"
    assert own.log_in(address="203.0.113.77").status_code == 303, "from one's own browser not, wherever it is"


def test_the_owner_comes_in_from_a_network_that_is_full(person: Browser) -> None:
    own = person()
    own.log_in()
    stranger = person()
    for number in range(30):
        stranger.log_in(f"name{number}", WRONG)
    assert own.log_in().status_code == 303


def test_a_known_browser_has_attempts_of_its_own_and_not_without_end(person: Browser, clock: FixedClock) -> None:
    own = person()
    own.log_in()
    assert own.guess(14) == [422] * 10 + [429] * 4
    assert own.log_in().status_code == 429
    assert own.guess(1, "budi") == [422], "it is known to siti alone"
    clock.advance(minutes=3)
    assert own.log_in().status_code == 303
    assert own.guess(10) == [422] * 10, "success begins afresh"


def test_a_known_browser_is_not_logged_in_by_that(person: Browser) -> None:
    own = person()
    own.log_in()
    (cookie,) = [own.visitor.client.get_cookie(KNOWN_BROWSER_COOKIE)]
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert "siti" not in cookie.value
    stranger = person()
    stranger.visitor.client.set_cookie(KNOWN_BROWSER_COOKIE, cookie.value)
    assert stranger.visitor.get("/petugas/").status_code == 303
    assert stranger.guess(11) == [422] * 10 + [429], "whoever stole it guesses by the same count"


@pytest.mark.parametrize("cookie", ["x", "a" * 22 + "." + "b" * 24, "." * 40, "a" * 3000, "\xe9"])
def test_a_cookie_made_elsewhere_is_worth_nothing(person: Browser, cookie: str) -> None:
    stranger = person()
    stranger.visitor.client.set_cookie(KNOWN_BROWSER_COOKIE, cookie)
    assert stranger.guess(7) == [422] * 5 + [429] * 2


def test_a_known_browser_is_forgotten_with_the_password(person: Browser, siti: Staff, session: Session) -> None:
    own = person()
    own.log_in()
    siti.password_hash = siti.password_hash[:-1] + ("A" if siti.password_hash[-1] != "A" else "B")
    session.commit()
    assert own.guess(7) == [422] * 5 + [429] * 2


def test_a_shared_computer_knows_all_who_work_there(person: Browser, world: World) -> None:
    for name in ("budi", "rina"):
        make_staff(world.session, world.here, Role.DESK, now=MONDAY_MORNING, username=name)
    world.session.commit()
    shared = person()
    for name in ("siti", "budi", "rina"):
        assert shared.log_in(name).status_code == 303
    for name in ("siti", "budi", "rina"):
        assert shared.guess(11, name) == [422] * 10 + [429]


def test_those_who_know_their_password_use_up_nothing(person: Browser) -> None:
    for _morning in range(30):
        assert person().log_in().status_code == 303


@pytest.mark.parametrize("back", [timedelta(seconds=30), timedelta(hours=5), timedelta(days=400)])
def test_a_clock_set_back_makes_nobody_wait_for_hours(person: Browser, clock: FixedClock, back: timedelta) -> None:
    stranger = person()
    stranger.guess(6)
    clock.set(clock.now() - back)
    answer = stranger.log_in("siti", WRONG)
    if answer.status_code == 429:
        waits = int(re.search(r"Tunggu (\d+) menit", answer.text).group(1))  # type: ignore[union-attr]
        assert waits <= 5
    clock.advance(minutes=5)
    assert stranger.log_in().status_code == 303


def test_restarts_forget_nothing_and_a_job_forgets_in_time(
    person: Browser, app: Flask, clock: FixedClock, session: Session
) -> None:
    person().guess(5)
    assert run_job(app, "forget-attempts") == 0
    clock.advance(minutes=41)
    assert run_job(app, "forget-attempts") == 3
    assert session.scalars(select(AttemptCount)).all() == []


def test_the_administrator_sees_it_and_lets_somebody_try_anew(
    person: Browser, administrator: Visitor, siti: Staff, session: Session
) -> None:
    stranger = person()
    stranger.guess(6)
    page = administrator.get("/admin/petugas").text
    assert page.count("banyak kata sandi salah") == 1
    assert "Beri percobaan baru" in page
    answer = administrator.post(f"/admin/petugas/{siti.id}/percobaan-baru")
    page = administrator.get(answer.location).text
    assert "dapat mencoba masuk lagi sekarang" in page
    assert "banyak kata sandi salah" not in page
    assert stranger.log_in().status_code == 303
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "staff.attempts_allowed")).one()
    assert entry.subject_id == siti.id


def test_nobody_lets_in_people_of_other_offices(visitor: Visitor, world: World) -> None:
    theirs = world.staff(Role.DESK, world.there)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert visitor.post(f"/admin/petugas/{theirs.id}/percobaan-baru").status_code == 404
