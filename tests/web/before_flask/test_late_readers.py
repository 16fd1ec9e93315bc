"""Who is late is refused before Flask: in their own language, as they can read it, and for as many as they are."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from queue_app.adapters.keyring import FileKeyring
from queue_app.models import Booking, OfficeService, Slot
from queue_app.web.api.booking import bookings
from queue_app.web.before_flask.watch import HEADER
from tests.harness.factories import make_booking, slots_of
from tests.harness.fakes import FixedClock
from tests.web.before_flask.conftest import NAMES, ByProgram, Seconds
from tests.web.before_flask.readers import TO_PROGRAMS, Reader, readable, readers, vary

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # which one it is makes no difference

Claim = Callable[..., TestResponse]


@pytest.fixture
def claim(
    session: Session,
    slot: Slot,
    holder: Booking,
    clock: FixedClock,
    offering: OfficeService,
    keyring: FileKeyring,
    by_program: ByProgram,
) -> Claim:
    """``claim(client, 2)``: of the full slot by a program, for so many persons. One other hour has one place left."""
    other = slots_of(session, offering, date(2026, 11, 24))[1]
    make_booking(session, other.id, keyring=keyring, now=clock.now())
    session.commit()
    return partial(by_program, slot)


def press(client: FlaskClient, slot: Slot, **headers: str) -> TestResponse:
    return client.post(f"/slots/{slot.id}/bookings", data={"request_key": "of-nobody"}, headers=headers)


def _but_the_id(answer: TestResponse) -> dict[str, str]:
    """Its headers. The id is of one request, and refusals out of memory have none."""
    return {name: value for name, value in answer.headers.items() if name != HEADER}


def test_a_quoted_cookie_does_not_turn_the_refusal_english(stranger: FlaskClient, slot: Slot, claim: Claim) -> None:
    assert claim(stranger).status_code == 409  # and now the gate knows
    assert "This hour is full" in press(stranger, slot, Cookie='lang="en"').text
    assert "Jam ini sudah penuh" in press(stranger, slot).text
    assert "This hour is full" in press(stranger, slot, Cookie="lang=en").text


@pytest.mark.parametrize("wish", ["BR", "br;q=0", "*"])
def test_a_refusal_is_compressed_only_for_those_who_take_it(
    stranger: FlaskClient, slot: Slot, claim: Claim, wish: str
) -> None:
    claim(stranger)
    for asked in (wish, "", wish, "br;q=0"):
        answer = press(stranger, slot, **({"Accept-Encoding": asked} if asked else {}))
        assert "Content-Encoding" not in answer.headers or asked in {"BR", "*"}
        assert b"Jam ini sudah penuh" in readable(answer)
        assert vary(answer) >= {"Cookie", "Accept-Encoding"}
        assert answer.headers["Cache-Control"] == "no-store"


def test_nobodys_message_is_told_to_all_who_are_late(
    stranger: FlaskClient, slot: Slot, claim: Claim, waiting_message: str
) -> None:
    claim(stranger)
    for cookie in (waiting_message, "lang=id"):
        assert "Hanya untuk Anda" not in press(stranger, slot, Cookie=cookie).text


def test_a_program_is_told_times_for_as_many_as_it_asked_for(stranger: FlaskClient, claim: Claim) -> None:
    first = {persons: claim(stranger, persons).json for persons in (2, 1)}
    one, two = ({slot["id"] for slot in first[persons]["alternatives"]} for persons in (1, 2))
    assert len(one - two) == 1, "the hour with one place left"
    for persons in (1, 2, 1):
        assert claim(stranger, persons).json == first[persons]


def test_what_went_wrong_once_is_not_told_to_others(
    stranger: FlaskClient, app: Flask, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with monkeypatch.context() as patch:
        patch.delattr(bookings, "nearest_open")
        assert claim(stranger).status_code == 500
    assert claim(stranger).status_code == 409


def test_in_any_order_each_gets_the_page_that_is_their_own(
    stranger: FlaskClient, slot: Slot, claim: Claim, fresh: FlaskClient, waiting_message: str, seconds: Seconds
) -> None:
    someone = readers((f"/slots/{slot.id}/bookings",), (waiting_message, '"'), method="POST")

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(st.lists(someone, min_size=2, max_size=10))
    def in_any_order(order: list[Reader]) -> None:
        seconds.now += 1000.0
        assert claim(stranger).status_code == 409
        for reader in order:
            said = {name: reader.headers[name] for name in ("Cookie", "Accept-Encoding") if name in reader.headers}
            wanted = fresh.get(f"/slots/{slot.id}/penuh", headers=said)
            given = press(stranger, slot, **reader.headers)
            assert (given.status_code, given.headers["Cache-Control"]) == (409, "no-store")
            assert readable(given) == readable(wanted)
            assert given.headers.get("Content-Encoding") == wanted.headers.get("Content-Encoding")
            assert vary(given) == vary(wanted) == {"Cookie", "Accept-Encoding"}
            assert "Set-Cookie" not in given.headers
            assert reader.takes(given.headers.get("Content-Encoding", ""))
            assert (b'<html lang="en"' in readable(given)) == reader.english

    in_any_order()


def test_in_any_order_each_program_gets_the_refusal_that_is_its_own(
    stranger: FlaskClient, claim: Claim, fresh: FlaskClient, seconds: Seconds
) -> None:
    asked = st.tuples(st.sampled_from(list(TO_PROGRAMS)), st.integers(1, len(NAMES)), st.sampled_from(["", "BR", "*"]))

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(st.lists(asked, min_size=2, max_size=8))
    def in_any_order(order: list[tuple[str, int, str]]) -> None:
        seconds.now += 1000.0
        for language, persons, encoding in order:
            headers = {"Accept-Language": language, "Accept-Encoding": encoding}
            wanted, given = (claim(client, persons, **headers) for client in (fresh, stranger))
            assert (given.status_code, given.json) == (wanted.status_code, wanted.json)
            assert _but_the_id(given) == _but_the_id(wanted)
            assert "Accept-Language" in vary(given)
            assert ("Jam ini penuh" in given.json["title"]) == (TO_PROGRAMS[language] == "id")

    in_any_order()
