"""The weekdays as people read them, beside the library that writes dates."""

from datetime import date, timedelta

import pytest
from flask import Flask, g

from queue_app.adapters.language import LANGUAGES, format_day
from queue_app.web.site.weekdays import WEEKDAYS

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_those_of_whole_dates(app: Flask, language: str) -> None:
    with app.test_request_context():
        g.language = language
        names = [str(name) for name in WEEKDAYS]
    dates = [format_day(MONDAY + timedelta(days=number), language) for number in range(7)]
    assert [said.partition(",")[0] for said in dates] == names
