"""Rules that hold for every route."""

import re

import pytest
from flask import Flask

from queue_app.domain.roles import Permission
from queue_app.web.access.api_keys import KeyRule
from queue_app.web.access.kiosks import DeviceRule
from queue_app.web.access.monitors import MonitorRule
from queue_app.web.access.rules import PUBLIC, public, requires, rule_of
from queue_app.web.site.staff_pages import GROUPS

PART = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
VARIABLE = re.compile(r"<[^>]+>")


def test_every_endpoint_has_exactly_one_access_rule(app: Flask) -> None:
    without = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if not (rule_of(view) == PUBLIC or isinstance(rule_of(view), Permission | KeyRule | DeviceRule | MonitorRule))
    ]
    assert not without


def test_a_second_rule_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="already"):
        requires(Permission.CHECK_IN)(public(lambda: ""))


def test_keys_open_the_api_and_nothing_else_and_the_api_has_no_staff(app: Flask) -> None:
    """No cookie opens anything under /api/, which is why nothing there asks for a form token."""
    for endpoint, view in app.view_functions.items():
        rule = rule_of(view)
        assert not (isinstance(rule, KeyRule) and not endpoint.startswith("api.")), endpoint
        assert not (isinstance(rule, Permission) and endpoint.startswith("api.")), endpoint


def test_a_kiosk_opens_pages_of_the_kiosk_and_no_others(app: Flask) -> None:
    """Whoever takes the device home has nothing that opens another door; and its pages are nobody else's."""
    for endpoint, view in app.view_functions.items():
        expected = endpoint.startswith("kiosk.") and endpoint != "kiosk.enrol"
        assert isinstance(rule_of(view), DeviceRule) == expected, endpoint


def test_every_path_is_kebab_case(app: Flask) -> None:
    odd = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for part in VARIABLE.sub("", rule.rule).split("/")
        if part and not PART.fullmatch(part)
    ]
    assert not odd


def test_every_change_is_made_by_post(app: Flask) -> None:
    """A link that changes something is followed by crawlers, previews and the browser's back button."""
    unusual = {
        rule.rule for rule in app.url_map.iter_rules() if (rule.methods or set()) & {"PUT", "DELETE", "PATCH", "TRACE"}
    }
    assert not unusual


def test_every_page_of_the_menu_exists_and_stands_there_once(app: Flask) -> None:
    endpoints = [page.endpoint for _title, pages in GROUPS for page in pages]
    assert not [endpoint for endpoint in endpoints if endpoint not in app.view_functions]
    assert len(set(endpoints)) == len(endpoints)
