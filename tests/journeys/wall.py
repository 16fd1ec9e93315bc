"""Pages of the hall in a browser whose time is in the test's hands: looking, waiting for the next look, measuring."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, Request
from playwright.sync_api import TimeoutError as PlaywrightTimeout

DISPLAY_LOOKS, PHONE_LOOKS = 1_700, 15_000  # every so many ms
SHOTS = os.environ.get("QUEUE_APP_TEST_SHOTS")  # a folder for pictures
YELLOW = (255, 209, 102)  # of the number
# The darkest pair of text and ground: each text's colour against the first ground behind it that is not transparent.
CONTRAST = """() => {
    const light = (colour) => {
        const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
            .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (one) => {
        for (; one; one = one.parentElement) {
            const colour = getComputedStyle(one).backgroundColor;
            if (!colour.endsWith(', 0)')) return colour;
        }
    };
    const texts = [...document.body.querySelectorAll('*')].filter((one) => !one.closest('.display__code'))
        .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    return texts.map((one) => {
        const style = getComputedStyle(one);
        const [a, b] = [light(one.tagName === 'text' ? style.fill : style.color), light(ground(one))];
        return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), one.textContent];
    });
}"""


def next_look(page: Page, after: int) -> None:
    """Let the next look at the hall come, and what follows from it.

    One that breaks off is followed by another, as in the hall. Whoever waited for the end of its answer would wait for
    ever: in Playwright 1.65 `Response.finished` ends with a whole answer only.
    """
    for patience in (10_000, 10_000, 30_000):  # ms
        try:
            with page.expect_event("requestfinished", is_look, timeout=patience):
                page.clock.run_for(after)
            break
        except PlaywrightTimeout:
            if patience > 10_000:
                raise
    page.clock.run_for(50)


def is_look(request: Request) -> bool:
    return request.url.endswith("/now")


def said(page: Page) -> list[str]:
    """The numbers as they were announced, each with its counter: ``A008 → 1``; each in Indonesian, then in English."""
    heard = []
    for clips in page.evaluate("said"):
        assert clips[0] == "chime"
        words = [clip.removeprefix("id/") for clip in clips if clip.startswith("id/")]
        at = words.index("counter")
        assert words[0] == "number"
        assert clips[len(words) + 1] == "en/number"
        heard.append(f"{''.join(words[1:at]).upper()} → {''.join(words[at + 1 :])}")
    return heard


def shoot(page: Page, name: str) -> Image.Image:
    picture = page.screenshot()
    if SHOTS:
        (Path(SHOTS) / f"{name}.png").write_bytes(picture)
    return Image.open(BytesIO(picture)).convert("RGB")


def ink(picture: Image.Image) -> tuple[int, int]:
    """Width and height of what is drawn in the number's colour."""
    pixels = picture.point(lambda value: value).load()
    wide, high = picture.size
    marked = [(x, y) for x in range(0, wide, 3) for y in range(0, high, 3) if pixels[x, y] == YELLOW]
    columns, rows = [x for x, _ in marked], [y for _, y in marked]
    return max(columns) - min(columns), max(rows) - min(rows)


def weak_contrasts(page: Page) -> list[tuple[float, str]]:
    """Texts with less than 7 : 1."""
    return [(ratio, text) for ratio, text in page.evaluate(CONTRAST) if ratio < 7]
