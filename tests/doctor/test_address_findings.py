"""What the doctor says of the way that people come, with real proxies before the program, well and badly set up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from queue_app import create_app
from queue_app.adapters.doctors_question import PATH, QUESTION, answer_to, is_answer, new_question
from queue_app.config import Settings
from tests.conftest import close
from tests.doctor.conftest import Doctor, Report
from tests.doctor.proxies import answering, proxy, serving
from tests.harness.ports import free_port
from tests.harness.reuse import Reuse
from tests.harness.tls import contexts

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WELL = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
Behind = Callable[..., Report]


@pytest.fixture
def behind(settings: Settings, reuse: Reuse, doctor: Doctor, tmp_path: Path) -> Iterator[Behind]:
    """The report where the program stands behind a proxy with TLS. ``trusted``: of the program's settings."""
    with ExitStack() as running:

        def behind(trusted: int, *, days: int = 90, keeps_claims: bool = False, **sets: str) -> Report:
            app = create_app(replace(settings, trusted_proxies=trusted))
            reuse.prepare(app)
            running.callback(close, app)
            port = running.enter_context(serving(app))
            tls, _client = contexts(tmp_path, days=days)
            front = running.enter_context(proxy(port, sets=sets, keeps_claims=keeps_claims, tls=tls))
            return doctor(
                PORT=str(port),
                QUEUE_APP_PUBLIC_URL=f"https://127.0.0.1:{front}",
                QUEUE_APP_TRUSTED_PROXIES=str(trusted),
                SSL_CERT_FILE=str(tmp_path / "server.pem"),
            )

        yield behind


def test_a_proxy_that_is_well_set_up(behind: Behind) -> None:
    report = behind(1, **WELL)
    assert report.says("address", "good", "leads here through one proxy")
    assert report.says("address", "good", "is valid for 90 days")
    assert report.says("web", "good", "The program serves")
    assert not report.about("address", "wrong")


def test_a_proxy_that_nobody_told_the_program_of(behind: Behind) -> None:
    report = behind(0, **WELL)
    assert report.says("address", "wrong", "1 proxies stand in front, and QUEUE_APP_TRUSTED_PROXIES is 0")
    assert report.says("address", "wrong", "A request by https is seen as one by http")


def test_a_proxy_that_says_nothing_of_who_asks(behind: Behind) -> None:
    report = behind(1)
    assert report.says("address", "wrong", "anybody may claim to be somebody else")
    assert report.says("address", "wrong", "A request by https is seen as one by http")


def test_a_proxy_that_believes_what_clients_say(behind: Behind) -> None:
    report = behind(1, keeps_claims=True, **WELL)
    assert report.says("address", "wrong", "hands on what clients say of their own address")


def test_a_proxy_that_asks_for_another_host(behind: Behind) -> None:
    report = behind(1, **WELL, Host="backend.internal")
    assert report.says("address", "wrong", "is seen as one for backend.internal")


def test_a_certificate_that_ends_soon_and_one_that_nobody_knows(behind: Behind, doctor: Doctor, tmp_path: Path) -> None:
    assert behind(1, days=3, **WELL).says("address", "look", "ends in 3 days")
    tls, _client = contexts(tmp_path)
    with answering(200, {}) as port, proxy(port, sets={}, tls=tls) as front:
        report = doctor(QUEUE_APP_PUBLIC_URL=f"https://127.0.0.1:{front}")
    assert report.says("address", "wrong", "The certificate of https://127.0.0.1")


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (200, {}, "something else answers there (200)"),
        (404, {}, "something else answers there (404)"),
        (301, {"Location": "https://lain.example/x?y"}, "it sends people on to https://lain.example."),
    ],
)
def test_an_address_that_leads_elsewhere(doctor: Doctor, status: int, headers: dict[str, str], words: str) -> None:
    with answering(status, headers) as port:
        assert doctor(QUEUE_APP_PUBLIC_URL=f"http://127.0.0.1:{port}").says("address", "wrong", words)


def test_where_nobody_serves(doctor: Doctor) -> None:
    report = doctor(QUEUE_APP_PUBLIC_URL=f"http://127.0.0.1:{free_port()}")
    assert report.says("address", "wrong", "nobody listens there")
    assert report.says("web", "wrong", "Nobody serves at")
    assert doctor(QUEUE_APP_PUBLIC_URL="https://antrean.invalid").says("address", "wrong", "the name is not found")


def test_where_another_machine_serves_this_one_need_not(doctor: Doctor, live_server: str) -> None:
    report = doctor(QUEUE_APP_PUBLIC_URL=live_server)
    assert report.says("address", "good", "leads here through no proxy")
    assert report.says("address", "look", "open on this machine only")
    assert report.says("web", "look", "Nobody serves at")


def test_only_who_has_the_keys_is_answered(client: FlaskClient) -> None:
    key, other = bytes(32), bytes(range(32))
    question = new_question(key)
    for asked in ("", "x", ".", "é.é", question, new_question(other)):
        assert client.get(PATH, headers={QUESTION: asked.encode().decode("latin-1")}).status_code == 404
    answer = answer_to(key, question)
    assert is_answer(key, question, answer)
    assert not is_answer(other, question, answer)
    assert not is_answer(key, new_question(key), answer), "an answer to another question"
    assert not is_answer(key, question, None)
    assert answer_to(key, f"{question.partition('.')[0]}.{answer}") is None, "an answer is no question"
