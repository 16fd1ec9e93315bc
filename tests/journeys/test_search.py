"""The search on the first page: the same answers while one types, and from the server without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.models import Service
from tests.harness.searches import SEARCHES
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow

OpenBrowser = Callable[..., Visitor]


def shown(citizen: Visitor) -> list[str]:
    """The addresses of the services that can be seen."""
    lines = citizen.page.locator("[data-words]:visible a")
    return [str(line.get_attribute("href")).rsplit("/", 1)[1] for line in lines.all()]


def test_server_and_script_find_the_same(visitor: OpenBrowser, session: Session) -> None:
    slugs = {service.code: service.slug for service in session.scalars(select(Service))}
    typing, without = visitor(axe=False), visitor(scripts=False)
    typing.open("/")
    typing.page.locator("body.js-enabled").wait_for()
    everything = shown(typing)
    assert len(everything) == len(slugs)
    for typed, codes in SEARCHES.items():
        wanted = [slugs[code] for code in codes.split()] or everything
        typing.page.locator("#cari").fill(typed)
        assert sorted(shown(typing)) == sorted(wanted), f"the script, {typed!r}"
        without.page.goto(f"{without.address}/")
        without.page.locator("#cari").fill(typed)
        without.page.locator("main form button").click()
        without.page.wait_for_url("**cari=*")
        assert sorted(shown(without)) == sorted(wanted), f"the server, {typed!r}"
        said = [one.page.locator("[data-found]").text_content() for one in (typing, without)]
        assert said[0] == said[1], typed


@pytest.mark.parametrize(("width", "language"), [(360, "id"), (1280, "en")])
def test_somebody_searches_and_finds(visitor: OpenBrowser, width: int, language: str) -> None:
    citizen = visitor(width=width, language=language)
    citizen.open("/")
    citizen.judge()
    search = citizen.field("Cari layanan")
    search.fill("akte anak")
    citizen.page.get_by_text(citizen.say("Layanan yang cocok: %(count)s") % {"count": 1}).wait_for()
    citizen.judge()
    search.press("Enter")
    expect(citizen.page.locator("[data-words]:visible")).to_have_count(1)
    citizen.page.locator("[data-words]:visible a").click()
    citizen.page.wait_for_url("**/akta-lahir")
    citizen.page.go_back()
    citizen.field("Cari layanan").fill("paspor")
    assert citizen.page.locator("[data-words]:visible").count() > 20
    citizen.judge()
    citizen.field("Cari layanan").press("Enter")  # nothing fits: the server looks at other offices as well
    citizen.page.wait_for_url("**cari=paspor")
    assert citizen.page.locator("[data-words]:visible").count() > 20
    expect(citizen.field("Cari layanan")).to_have_value("paspor")
