"""Too early, too late, on a closed day: refused from memory for at most a second, as those are who find it full."""

import multiprocessing
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from queue_app.models import Slot
from queue_app.web.before_flask import KNOWN_REFUSALS
from tests.harness.fakes import MONITORING, FixedClock
from tests.web.before_flask.conftest import ByProgram, Seconds, forget_details
from tests.web.before_flask.reasons import EACH, NOT_OPEN_YET, REASONS, Reason, claims
from tests.web.before_flask.test_late_readers import press
from tests.web.citizen import DETAILS, NIK, PHONE, Citizen, text_of

CameThrough = Callable[[], Counter[str]]


@EACH
def test_the_second_person_is_refused_before_flask(
    why: Reason, refused: Slot, citizen: Citizen, page: str, came_through: CameThrough
) -> None:
    came_through()
    for number, came in enumerate((1, 0, 0)):
        answer = citizen.claim(refused.id, page=page, in_address=True)
        assert (answer.status_code, came_through()[claims(refused)[0]]) == (409, came)
        if number == 1:
            second = answer
    assert answer.data == second.data
    for word in (*why.says, "Anda memilih Selasa, 24 November 2026 pukul 08.00"):
        assert word in text_of(second.text)
    assert ("Rabu, 25 November 2026, 08.00–09.00" in second.text) is (why is not NOT_OPEN_YET), "the nearest free hour"
    assert ("?hari=2026-11-24" in second.text) is (why is NOT_OPEN_YET), "where its hours will be"
    for secret in (NIK, PHONE, DETAILS["name"], "3314 ••••"):
        assert secret not in second.text
    assert second.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in second.headers["Content-Security-Policy"]
    assert DETAILS["name"] in citizen.get("/sragen/ktp-rekam/data").text, "what was typed is not lost"


@EACH
def test_the_page_is_in_the_readers_language(
    why: Reason, refused: Slot, by_program: ByProgram, stranger: FlaskClient
) -> None:
    by_program(refused, stranger)
    for _ in range(2):
        assert why.says_english in press(stranger, refused, Cookie="lang=en").text
        assert why.says[0] in press(stranger, refused).text


@EACH
def test_programs_hear_from_memory_what_the_application_says(
    why: Reason,
    refused: Slot,
    by_program: ByProgram,
    stranger: FlaskClient,
    fresh: FlaskClient,
    came_through: CameThrough,
) -> None:
    for language in ("id", "en"):
        wanted, first, second = (
            by_program(refused, client, **{"Accept-Language": language}) for client in (fresh, stranger, stranger)
        )
        assert wanted.json["code"] == why.code
        for answer in (first, second):
            assert (answer.status_code, answer.json) == (409, wanted.json)
            assert answer.content_type == wanted.content_type == "application/problem+json"
        assert came_through()[claims(refused)[1]] == 1


@EACH
def test_what_is_known_is_asked_again_at_half_its_life_and_never_older_than_a_second(
    why: Reason,
    refused: Slot,
    by_program: ByProgram,
    stranger: FlaskClient,
    seconds: Seconds,
    came_through: CameThrough,
) -> None:
    for later, times, came in ((0.0, 3, 1), (0.49, 3, 0), (0.02, 3, 1), (0.48, 3, 0), (1.0, 3, 1)):
        seconds.now += later
        for _ in range(times):
            assert by_program(refused, stranger).json["code"] == why.code
        assert came_through()[claims(refused)[1]] == came


@EACH
def test_a_change_for_the_better_is_found_within_a_second(
    why: Reason,
    refused: Slot,
    by_program: ByProgram,
    stranger: FlaskClient,
    citizen: Citizen,
    page: str,
    session: Session,
    seconds: Seconds,
    clock: FixedClock,
) -> None:
    assert by_program(refused, stranger).status_code == 409
    why.end(session, refused, clock.now())
    assert by_program(refused, stranger).json["code"] == why.code, "it may still believe so"
    seconds.now += 1.0
    assert citizen.claim(refused.id, page=page, in_address=True).status_code == 303


@EACH
def test_a_claim_won_in_another_process_is_noticed_at_once(
    why: Reason, refused: Slot, app: Flask, by_program: ByProgram, stranger: FlaskClient, came_through: CameThrough
) -> None:
    """Whoever won there may come here for the lost answer, and this process knows an older list of holders."""
    for came in (1, 0):
        assert by_program(refused, stranger).status_code == 409
        assert came_through()[claims(refused)[1]] == came
    other = multiprocessing.get_context("fork").Process(
        target=app.extensions[KNOWN_REFUSALS].claim_was_won, args=(refused.id,)
    )
    other.start()
    other.join(30)
    assert other.exitcode == 0
    assert by_program(refused, stranger).status_code == 409
    assert came_through()[claims(refused)[1]] == 1


@EACH
@pytest.mark.parametrize("kept", [True, False])
def test_details_that_are_only_in_the_form_come_back_with_the_page(
    why: Reason,
    refused: Slot,
    kept: bool,
    page: str,
    client: FlaskClient,
    citizen: Citizen,
    by_program: ByProgram,
    stranger: FlaskClient,
    came_through: CameThrough,
) -> None:
    """Their cookie lives half an hour, and the page was looked at for longer. While it lives, memory will do."""
    for _ in range(2):
        assert by_program(refused, stranger).status_code == 409
    if not kept:
        forget_details(client)
    came_through()
    answer = citizen.claim(refused.id, page=page, in_address=True)
    assert answer.status_code == 409
    assert came_through()[claims(refused)[0]] == (0 if kept else 1)
    assert ('name="details"' in answer.text) is not kept


@EACH
def test_each_refusal_is_counted_by_its_reason(
    why: Reason, refused: Slot, by_program: ByProgram, stranger: FlaskClient
) -> None:
    def counted() -> float:
        text = stranger.get("/metrics", headers={"Authorization": f"Bearer {MONITORING}"}).text
        line = f'queue_app_answers_from_memory_total{{answer="{why.code}"}} '
        return next(float(each.removeprefix(line)) for each in text.splitlines() if each.startswith(line))

    by_program(refused, stranger)
    before = counted()
    for _ in range(3):
        by_program(refused, stranger)
    assert counted() == before + 3


def test_a_page_of_a_refusal_is_there_as_long_as_it_is_true(
    stranger: FlaskClient, slot: Slot, session: Session, clock: FixedClock, seconds: Seconds
) -> None:
    def pages() -> set[str]:
        seconds.now += 10.0
        return {each.page for each in REASONS if stranger.get(f"/slots/{slot.id}/{each.page}").status_code == 200}

    assert pages() == set()
    for why in REASONS:
        why.begin(session, slot, clock.now())
        assert pages() == {why.page}
        why.end(session, slot, clock.now())
        assert pages() == set()
    assert stranger.get(f"/slots/{slot.id}/entah").status_code == 404
    assert stranger.get("/slots/999999/belum-dibuka").status_code == 404
