"""What axe and the browser itself have to say about a page."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, Request

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA and good practice, each with the elements concerned."""
    # Evaluated, not added as a script: the pages' own policy would refuse that.
    page.evaluate(_axe())
    run = "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(found => found.violations)"
    found = page.evaluate(run, RULES)
    return [f"{one['id']}: {one['help']} {[node['html'][:120] for node in one['nodes']]}" for one in found]


def complaints(page: Page) -> list[str]:
    """A list that fills with errors of the console (the policy's too) and failed requests, from now on."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}") if _failed(request) else None)
    return heard


def is_wider_than_the_screen(page: Page) -> bool:
    """Whether one has to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def judge_pages(page: Page, paths: Iterable[str]) -> None:
    """Each of them with all its details open: no violation, and not wider than the screen."""
    for path in paths:
        page.goto(path)
        page.locator("body.js-enabled").wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert violations(page) == [], path
        assert not is_wider_than_the_screen(page), path


def _failed(request: Request) -> bool:
    """Not those that the browser gave up itself because the visitor was quicker and went on to another page."""
    return request.failure != "net::ERR_ABORTED"


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
