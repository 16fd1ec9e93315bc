"""What a task costs: how often a finger or the mouse comes down, and how many fields are filled or chosen."""

from __future__ import annotations

from playwright.sync_api import Page

# A press is counted when it begins: one on a label is one, though the browser clicks its field as well.
COUNTING = """
    const more = (name) => { sessionStorage[name] = Number(sessionStorage[name] || 0) + 1; };
    addEventListener("pointerdown", (event) => event.isTrusted && more("presses"), true);
    const typed = "input:not([type=radio], [type=checkbox]), select, textarea";
    addEventListener("change", ({ target }) => target.matches(typed) && more("fields"), true);
"""


def watch(page: Page) -> None:
    """Before its first page."""
    page.add_init_script(COUNTING)


def spent(page: Page) -> tuple[int, int]:
    """Presses and fields since it was last asked."""
    counted = page.evaluate("""() => ["presses", "fields"].map((name) => {
        const many = Number(sessionStorage[name] || 0); sessionStorage[name] = 0; return many; })""")
    return counted[0], counted[1]
