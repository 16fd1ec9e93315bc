"""Every page in both languages: one first heading, a label at each field, and nothing Indonesian in English."""

from __future__ import annotations

import pytest
from flask import Flask

from queue_app.adapters.language import translations
from queue_app.domain.roles import Role
from queue_app.web.access.kiosks import DEVICE_COOKIE
from tests.harness.office import Visitor, World
from tests.harness.reading import INDONESIAN, Reading
from tests.web.access.test_access_matrix import WHO_MAY
from tests.web.access.test_every_page import ANSWERS, address, things

# A page says the same on either database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_is_read(app: Flask, world: World, language: str) -> None:
    named, odd = things(app, world), []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in ANSWERS:
            continue
        visitor, allowed = Visitor(app.test_client()), WHO_MAY[rule.endpoint]
        roles = [role for role in Role if role in allowed]
        if roles and None not in allowed:
            visitor.sign_in(world, world.staff(roles[0], world.here, world.there))
        visitor.client.set_cookie(DEVICE_COOKIE, named["kiosk"], path="/kiosk")
        visitor.client.set_cookie("lang", language)
        path = address(app, rule, named)
        answer = visitor.get(path)
        if answer.mimetype == "text/html" and "<html" in answer.text:
            odd += [f"{path} {found}" for found in _faults(Reading(answer.text), language)]
    assert not odd, "\n".join(odd)


def _faults(read: Reading, language: str) -> list[str]:
    found = [f"asks for “{name}” without a label" for name in read.nameless()]
    if read.headings != 1:
        found.append(f"has {read.headings} first headings")
    if language == "en":
        say = translations("en").gettext
        found += [f"says “{text}”" for text in read.texts if INDONESIAN.search(text) or say(text) != text]
    return found
