"""The page about the API, in a browser: readable on a phone, for everybody, without a script."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from queue_app.web.api.document.operations import OPERATIONS
from queue_app.web.refusals.programs import KINDS
from tests.harness.accessibility import complaints, is_wider_than_the_screen, violations
from tests.harness.office import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_it_shows_everything_in_both_languages(client: FlaskClient, world: World) -> None:
    indonesian, english = (client.get(f"/api/v1/docs?lang={language}").text for language in ("id", "en"))
    for operation in OPERATIONS:
        assert f'id="{operation.id}"' in indonesian
    for code in KINDS:
        assert f'id="{code}"' in indonesian
    assert "Kode kesalahan" in indonesian
    assert "Error codes" in english
    assert client.get("/api/v1/docs").text == english, "the link has set a cookie, as on every page"


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_in_a_browser(browser: Browser, live_server: str, world: World, width: int, script: bool) -> None:
    context = browser.new_context(
        base_url=live_server, viewport={"width": width, "height": 740}, java_script_enabled=script
    )
    page = context.new_page()
    heard = complaints(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs")
    assert all(url.startswith(live_server) for url in asked)
    assert page.get_by_role("heading", name="Book a place").is_visible()
    if script:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert not is_wider_than_the_screen(page)
        assert violations(page) == []
        assert heard == []
    context.close()
