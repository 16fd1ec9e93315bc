"""The page on which an office gives account to everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from queue_app.models import DayCount, DayFigures
from queue_app.queries.figures.report import SUMMED
from tests.harness.office import TODAY, World
from tests.web.citizen import text_of

PAGE = "/sragen/keterbukaan"
YESTERDAY = TODAY - timedelta(days=1)


def count(world: World, came: int, missed: int, **more: int) -> None:
    """Yesterday at the office "here", as the job would have stored it."""
    own = {"office_id": world.here.id, "day": YESTERDAY, "service_id": world.offering.service_id}
    numbers = dict.fromkeys(SUMMED, 0) | {"public_quota": 80, "came": came, "missed": missed, **more}
    world.session.add(DayFigures(**own, mark="", **numbers))
    for breakdown, word, people in (
        ("channel", "online", came + missed - 3),
        ("channel", "village", 3),
        ("wait", "10", came),
    ):
        world.session.add(DayCount(**own, breakdown=breakdown, word=word, people=people, came=0, missed=0))
    world.session.commit()


def test_the_last_days_and_the_order_of_calling(client: FlaskClient, world: World) -> None:
    count(world, 60, 20)
    text = text_of(client.get(PAGE).text)
    assert "Min 22 Nov 80 60 20 0 dari 1 layanan 10–15 menit" in text
    assert "Dari yang memesan, 25% tidak datang." in text
    assert "satu orang setiap 2 orang lain" in text
    assert "Saluran lain: 100%" in text  # three people are not a channel of their own


@pytest.mark.parametrize(("came", "missed", "told"), [(60, 4, "80 – < 5 0"), (3, 20, "80 < 5 – 0")])
def test_few_people_are_not_told_of(client: FlaskClient, world: World, came: int, missed: int, told: str) -> None:
    count(world, came, missed)
    text = text_of(client.get(PAGE).text)
    assert told in text
    assert "Dari yang memesan" not in text
    assert "Bagaimana orang memesan" not in text


def test_caches_may_keep_it_and_the_office_leads_to_it(client: FlaskClient, world: World) -> None:
    answer = client.get(PAGE)
    assert "Belum ada angka" in answer.text
    assert answer.headers["Cache-Control"].startswith("public")
    assert f'href="{PAGE}"' in client.get("/sragen").text
    assert client.get("/nirgends/keterbukaan").status_code == 404
