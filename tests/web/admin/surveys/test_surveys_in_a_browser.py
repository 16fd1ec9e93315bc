"""The pages of survey and coverage in a real browser: what axe says, and that nothing is wider than the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import SurveyAnswer
from queue_app.services.access.staff import start_session
from queue_app.services.coverage.take_over import take_over
from queue_app.web.access.rules import STAFF_COOKIE
from tests.harness.accessibility import complaints, is_wider_than_the_screen, judge_pages, violations
from tests.harness.at_counters import arrive, visit_of
from tests.harness.factories import TESTER
from tests.harness.fakes import FixedClock
from tests.harness.office import World
from tests.harness.sragen import sragen_table
from tests.web.admin.surveys.conftest import Answered

# What is looked at here lies in the browser.
pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
PAGES = ("/admin/angka/survei", "/admin/angka/survei/saran", "/admin/angka/cakupan", "/admin/angka/cakupan/baru")


@pytest.fixture(params=[320, 1280])
def page(
    request: pytest.FixtureRequest, world: World, browser: Browser, live_server: str, clock: FixedClock
) -> Iterator[Page]:
    token = start_session(world.afresh(), world.staff(Role.ADMINISTRATOR).id, now=clock.now())
    world.session.commit()
    context = browser.new_context(base_url=live_server, viewport={"width": request.param, "height": 800})
    context.add_cookies([{"name": STAFF_COOKIE, "value": token, "url": live_server}])
    yield context.new_page()
    context.close()


def test_pages_of_results_and_coverage_are_accessible(
    page: Page, world: World, answered: Answered, clock: FixedClock
) -> None:
    answered(4, 3, 2, 4, 4, remark="Ruang tunggu panas")
    take_over(world.session, world.here.id, sragen_table(), actor=TESTER, now=clock.now())
    world.session.commit()
    heard = complaints(page)
    judge_pages(page, PAGES)
    assert heard == []


def test_somebody_answers_by_touch(page: Page, world: World) -> None:
    ticket = arrive(world)
    visit = visit_of(world, ticket)
    visit.state, visit.outcome = VisitState.SERVED, Outcome.DONE
    world.session.commit()
    page.goto(f"/t/{world.keyring.ticket_token(ticket.id)}")
    page.get_by_role("button", name="Nilai pelayanan kami").click()
    page.get_by_role("button", name="Kirim penilaian").click()
    page.locator(".govuk-error-summary").wait_for()
    assert violations(page) == []
    assert not is_wider_than_the_screen(page)
    for place in range(9):
        page.locator("fieldset").nth(place).locator("label").last.click()
    page.get_by_role("button", name="Kirim penilaian").click()
    page.get_by_text("Terima kasih. Penilaian Anda").wait_for()
    assert world.afresh().scalars(select(SurveyAnswer.conduct)).all() == [4]
