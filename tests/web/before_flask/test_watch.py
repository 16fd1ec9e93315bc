"""The id of a request: where it comes from, and which answers carry it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_app import create_app
from queue_app.adapters.keyring import FileKeyring
from queue_app.config import Settings
from queue_app.models import OfficeService
from queue_app.web.before_flask.watch import HEADER, SENT, forget_unless_trusted, request_id
from tests.conftest import close
from tests.harness.fakes import FixedClock
from tests.harness.reuse import Reuse
from tests.web.before_flask.conftest import Seconds
from tests.web.citizen import SERVICE, Citizen, slots_on

GIVEN = "0af7651916cd43dd8448eb211c80319c"  # as nginx makes them


@pytest.fixture
def behind_proxy(settings: Settings, keyring: FileKeyring, clock: FixedClock, reuse: Reuse) -> Iterator[Flask]:
    app = create_app(replace(settings, trusted_proxies=1), clock=clock)
    reuse.prepare(app)
    yield app
    close(app)


def test_every_answer_for_one_reader_carries_an_id_of_its_own(client: FlaskClient, offering: OfficeService) -> None:
    ids = [client.get(path).headers[HEADER] for path in ("/tiket-saya", "/tiket-saya", "/nowhere/at/all", "/healthz")]
    assert len(set(ids)) == len(ids)
    assert all(len(one) == 12 for one in ids)


@pytest.mark.parametrize("sent", [GIVEN, "a.b_c-d8", "x" * 64])
def test_a_proxy_may_give_the_id(behind_proxy: Flask, sent: str) -> None:
    assert behind_proxy.test_client().get("/tiket-saya", headers={HEADER: sent}).headers[HEADER] == sent


@pytest.mark.parametrize("sent", ["", "short", "x" * 65, "two words here", "semi;colon", "<script>alert", "é" * 9])
def test_but_only_in_a_decent_form(behind_proxy: Flask, sent: str) -> None:
    answer = behind_proxy.test_client().get("/tiket-saya", headers={HEADER: sent.encode().decode("latin-1")})
    assert answer.headers[HEADER] != sent
    assert len(answer.headers[HEADER]) == 12


def test_without_a_proxy_nobody_may_give_it(client: FlaskClient) -> None:
    assert client.get("/tiket-saya", headers={HEADER: GIVEN}).headers[HEADER] != GIVEN


def test_a_request_keeps_its_id() -> None:
    environ = {SENT: GIVEN}
    assert request_id(environ) == request_id(environ) == GIVEN
    other = {SENT: GIVEN}
    forget_unless_trusted(other, 0)
    assert request_id(other) == request_id(other) != GIVEN


def test_a_kept_page_carries_nobodys_id(
    client: FlaskClient, offering: OfficeService, seconds: Seconds, came_through: Callable[[], object]
) -> None:
    """Who has it made gets an id; those who get the same page out of memory get that page, byte by byte."""
    made, kept, again = (client.get(SERVICE) for _ in range(3))
    assert HEADER in made.headers
    assert HEADER not in kept.headers
    assert kept.headers.to_wsgi_list() == again.headers.to_wsgi_list()
    assert kept.data == again.data == made.data


def test_nor_does_the_news_that_a_slot_is_full(app: Flask, offering: OfficeService, seconds: Seconds) -> None:
    citizens = [Citizen(app.test_client()) for _ in range(5)]
    for number, citizen in enumerate(citizens):
        citizen.give_details(nik=f"331499170305000{number + 1}")
    slot_id = next(iter(slots_on(citizens[0].choice().text)))
    answers = [citizen.claim(slot_id, in_address=True) for citizen in citizens]
    assert [answer.status_code for answer in answers] == [303, 303, 409, 409, 409]
    assert [HEADER in answer.headers for answer in answers] == [True, True, True, False, False]
    assert answers[3].data == answers[4].data
