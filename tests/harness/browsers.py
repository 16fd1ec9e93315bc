"""Finds and starts the Chromium that the journeys use."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium was not found; on Debian and Ubuntu: apt-get install chromium"
PATIENCE = 30_000  # ms in which a busy machine gets round to what a page does at once
# Nothing of the browser's own may go out or change the machine while a test runs.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def arguments() -> list[str]:
    # Chromium's sandbox refuses to run as root, as continuous integration does.
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else [*QUIET]


@contextmanager
def chromium(executable: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments())
        try:
            yield browser
        finally:
            browser.close()
