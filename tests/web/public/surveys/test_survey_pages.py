"""The survey as whoever was served meets it: nine questions, one answer, nothing typed lost."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from queue_app.domain.surveys import Element
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import SurveyAnswer, SurveyRemark, Ticket
from tests.harness.at_counters import arrive, visit_of
from tests.harness.office import World
from tests.web.citizen import Citizen, text_of

ALL = {element.value: "4" for element in Element}


@pytest.fixture
def served(world: World) -> Ticket:
    ticket = arrive(world)
    visit = visit_of(world, ticket)
    visit.state, visit.outcome = VisitState.SERVED, Outcome.DONE
    world.session.commit()
    return ticket


@pytest.fixture
def page(world: World, served: Ticket) -> str:
    return f"/t/{world.keyring.ticket_token(served.id)}"


@pytest.fixture
def citizen(client: FlaskClient) -> Citizen:
    return Citizen(client)


def test_the_ticket_leads_to_it_and_thanks(citizen: Citizen, world: World, page: str) -> None:
    assert f'href="{page}/survei"' in citizen.get(page).text
    form = citizen.get(f"{page}/survei")
    assert form.text.count('type="radio"') == 36
    assert form.headers["Cache-Control"] == "private, no-store"
    assert len(form.data) < 40_000
    answer = citizen.post(f"{page}/survei", **ALL, remark="Ruangnya panas")
    assert (answer.status_code, answer.location) == (303, page)
    after = text_of(citizen.get(page).text)
    assert "Terima kasih." in after
    assert "Nilai pelayanan kami" not in after
    assert len(world.afresh().scalars(select(SurveyAnswer)).all()) == 1


def test_a_second_answer_is_thanked_and_changes_nothing(citizen: Citizen, world: World, page: str) -> None:
    citizen.post(f"{page}/survei", **ALL)
    for again in (citizen.get(f"{page}/survei"), citizen.post(f"{page}/survei", **ALL)):
        assert again.location == page
    assert "Kunjungan ini sudah dinilai." in text_of(citizen.get(page).text)
    assert len(world.afresh().scalars(select(SurveyAnswer)).all()) == 1


def test_what_is_missing_is_named_and_the_rest_is_kept(citizen: Citizen, page: str) -> None:
    given = {**ALL, "speed": "2", "remark": "Cepat <b>sekali</b>"}
    del given["cost"]
    answer = citizen.post(f"{page}/survei", **given)
    assert answer.status_code == 422
    assert answer.text.count("Pilih satu jawaban.") == 2  # above, and at the question
    assert answer.text.count(" checked") == 8
    assert "Cepat &lt;b&gt;sekali&lt;/b&gt;" in answer.text


@pytest.mark.parametrize("score", ["0", "5", "x", "4.0"])
def test_only_the_four_scores_are_taken(citizen: Citizen, page: str, score: str) -> None:
    assert citizen.post(f"{page}/survei", **{**ALL, "cost": score}).status_code == 422


def test_a_remark_with_a_number_of_somebody_is_refused(citizen: Citizen, world: World, page: str) -> None:
    answer = citizen.post(f"{page}/survei", **ALL, remark="Hubungi 081234567890")
    assert answer.status_code == 422
    assert "Ini tampaknya memuat NIK atau nomor HP." in answer.text
    assert answer.text.count(" checked") == 9
    assert world.afresh().scalars(select(SurveyRemark)).all() == []


def test_the_other_language_keeps_what_was_chosen(citizen: Citizen, page: str) -> None:
    answer = citizen.post(f"{page}/survei", **{**ALL, "cost": "1"}, lang="en")
    assert answer.status_code == 200
    assert "How was our service?" in answer.text
    assert answer.text.count(" checked") == 9


def test_whoever_was_not_served_is_told_so(citizen: Citizen, world: World) -> None:
    page = f"/t/{world.token(world.book())}"
    assert citizen.get(f"{page}/survei").location == page
    assert "Survei dibuka sesudah Anda selesai dilayani." in text_of(citizen.get(page).text)
    assert citizen.get("/t/0000/survei").status_code == 404
