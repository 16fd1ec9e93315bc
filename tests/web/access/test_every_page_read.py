"""Every page in both languages: one first heading, a label at each field, and nothing Indonesian in English."""

from __future__ import annotations

import pytest
from flask import Flask

from queue_app.adapters.language import translations
from tests.harness.office import World
from tests.harness.reading import INDONESIAN, Reading
from tests.web.access.test_every_page import ANSWERS, visits

# A page says the same on either database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_read(app: Flask, world: World, language: str) -> None:
    odd = []
    for rule, answer in visits(app, world, lang=language):
        if rule.endpoint not in ANSWERS and answer.mimetype == "text/html" and "<html" in answer.text:
            odd += [f"{rule.rule} {found}" for found in _faults(Reading(answer.text), language)]
    assert not odd, "\n".join(odd)


def _faults(read: Reading, language: str) -> list[str]:
    found = [f"asks for “{name}” without a label" for name in read.nameless()]
    if read.headings != 1:
        found.append(f"has {read.headings} first headings")
    if language == "en":
        say = translations("en").gettext
        found += [f"says “{text}”" for text in read.texts if INDONESIAN.search(text) or say(text) != text]
    return found
