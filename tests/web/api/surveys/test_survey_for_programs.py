"""Results of the survey for programs, and refused attempts among the figures."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from queue_app.domain.api_keys import Scope
from queue_app.domain.figures.refusals import RefusalReason
from queue_app.domain.surveys import Element, SurveyChannel
from queue_app.models import SurveyAnswer
from queue_app.services.figures.refusals import add_refusals
from tests.harness.office import TODAY, World
from tests.web.api.program import Program

OF_TODAY = f"?from={TODAY}&to={TODAY}"
PATH = f"/offices/sragen/survey{OF_TODAY}"


def test_index_and_sums_are_told_by_service(program: Program, world: World) -> None:
    nothing = program.get(PATH).get_json()
    assert (nothing["total"]["people"], nothing["total"]["index"], nothing["services"]) == (0, None, [])
    where = {"office_id": world.here.id, "service_id": world.offering.service_id, "day": TODAY}
    scores = dict.fromkeys((one.value for one in Element), 4) | {"speed": 1}
    answers = [SurveyAnswer(key=key, channel=SurveyChannel.LINK, **where, **scores) for key in "abcde"]
    world.session.add_all(answers[:4])
    world.session.commit()
    told = program.get(PATH).get_json()
    assert (told["total"]["people"], told["total"]["index"], told["total"]["grade"]) == (4, None, None)
    for one in (told["total"], *told["services"]):
        assert {element["sum"] for element in one["elements"]} == {None}
    world.session.add(answers[4])
    world.session.commit()
    told = program.get(PATH).get_json()
    assert (told["total"]["index"], told["total"]["grade"]) == (91.67, "A")
    (service,) = told["services"]
    assert service["service"] == world.offering.service.code
    assert {"element": "speed", "sum": 5} in service["elements"]


def test_it_wants_the_scope_of_figures(client: FlaskClient, world: World, make_key: Callable[..., str]) -> None:
    assert Program(client, make_key("desa", Scope.BOOKINGS_WRITE)).get(PATH).status_code == 403
    assert Program(client).get(PATH).status_code == 401


def test_an_office_or_period_that_is_none(program: Program) -> None:
    assert program.get(f"/offices/nirgends/survey{OF_TODAY}").status_code == 404
    assert program.get("/offices/sragen/survey?from=2026-11-24&to=2026-11-23").status_code == 422


def test_refused_attempts_stand_among_the_figures(program: Program, world: World) -> None:
    add_refusals(world.session, {(world.slot().id, RefusalReason.FULL.value): 12})
    world.session.commit()
    told = program.get(f"/offices/sragen/figures{OF_TODAY}").get_json()
    code = world.offering.service.code
    assert told["refused"] == [{"service": code, "reason": "slot_full", "attempts": 12}]
