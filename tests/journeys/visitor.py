"""Somebody in front of a browser: what they press and type, and what every page they see must hold to."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from queue_app.adapters.language import translations
from queue_app.domain.keyring import Keyring
from tests.harness.accessibility import complaints, is_wider_than_the_screen, violations

NARROWEST = 320  # CSS pixels; also 1280 at 400 % zoom


class Visitor:
    """Everything is named by its Indonesian text and found by the one that this visitor reads.

    ``axe``: whether `judge` asks it, which takes most of the time. ``keyring``: the server's, for accounts.
    """

    def __init__(
        self,
        page: Page,
        address: str,
        *,
        language: str,
        scripts: bool = True,
        axe: bool = True,
        keyring: Keyring | None = None,
    ) -> None:
        self.page, self.address, self.language, self.keyring = page, address, language, keyring
        self.scripts, self.axe = scripts, axe and scripts
        self.heard = complaints(page)
        self.say = translations(language).gettext

    def open(self, path: str) -> None:
        """In the visitor's language, which a cookie keeps from then on."""
        self.page.goto(f"{self.address}{path}{'&' if '?' in path else '?'}lang={self.language}")

    def link(self, text: str) -> Locator:
        return self.page.get_by_role("link", name=self.say(text), exact=True)

    def button(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(text), exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.say(label), exact=True)

    def reads(self, text: str) -> bool:
        """True as soon as the words stand on the page for everybody to see; times out when they do not."""
        self.page.get_by_text(self.say(text)).first.wait_for()
        return True

    def judge(self, *, refused: int | None = None) -> None:
        """Accessible, complete, nothing blocked, and no scrolling sideways; ``refused``: the status a refusal has."""
        page = self.page
        assert page.locator("html").get_attribute("lang") == self.language
        if self.scripts:
            page.locator("body.js-enabled").wait_for()
        if self.axe:
            assert not (found := violations(page)), f"{page.url}: {found}"
        assert not is_wider_than_the_screen(page), page.url
        self._judge_narrow()
        expected = [f"the server responded with a status of {refused} "] + [".js"] * (not self.scripts)
        unexpected = [words for words in self.heard if not any(part in words for part in expected)]
        assert not unexpected, f"{page.url}: {unexpected}"
        self.heard.clear()

    def judge_refusal(self, field: str | None = None) -> None:
        """Summary first, with the focus, in the title too; its link leads to ``field`` (an id)."""
        page = self.page
        assert page.title().startswith(self.say("Kesalahan:")), page.title()
        summary = page.locator(".govuk-error-summary")
        if self.scripts:
            expect(page.locator(".govuk-error-summary:focus")).to_have_count(1)
        if field is None:
            return
        summary.get_by_role("link").first.click()
        assert page.evaluate("document.activeElement.id || location.hash.slice(1)") == field
        said = summary.get_by_role("link").first.inner_text()
        expect(page.locator(f"#{field}-error")).to_contain_text(said)

    def tab_to(self, target: Locator) -> int:
        """With the Tab key alone, and visibly; how often it was pressed."""
        wanted = target.element_handle()
        for presses in range(80):
            if self.page.evaluate("element => element === document.activeElement", wanted):
                assert self._shows_its_focus(wanted), self.page.url
                return presses
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")

    def _shows_its_focus(self, element: object) -> bool:
        """Whether something around or behind it changes when the focus goes away and comes back."""
        looks = """element => [element, element.nextElementSibling, element.parentElement].filter(Boolean).map(one =>
            ['', '::before', '::after'].map(part => { const style = getComputedStyle(one, part);
            return [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.borderWidth]; }))"""
        focused = self.page.evaluate(looks, element)
        self.page.evaluate("element => element.blur()", element)
        plain = self.page.evaluate(looks, element)
        self.page.evaluate("element => element.focus()", element)
        return bool(focused != plain)

    def _judge_narrow(self) -> None:
        usual = self.page.viewport_size
        assert usual
        if usual["width"] > 500:
            return
        self.page.set_viewport_size({"width": NARROWEST, "height": usual["height"]})
        assert not is_wider_than_the_screen(self.page), f"{self.page.url} at {NARROWEST} px"
        self.page.set_viewport_size(usual)
