"""The document says what is routed, and what is routed does what the document says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema_rs import meta
from schemathesis import GenerationMode

from queue_app.web.access.api_keys import KeyRule
from queue_app.web.access.rules import PUBLIC, rule_of
from queue_app.web.api.document.openapi import SCOPES, document
from queue_app.web.api.document.schemas import PARTS
from tests.concurrency.races import assert_sound
from tests.harness.office import TODAY, TOMORROW, World
from tests.web.api.by_document import attack, operations
from tests.web.api.program import Program

EXAMPLES = {"sqlite": 30, "postgresql": 10}  # of each operation and kind of data
NOT_DESCRIBED = {"api.openapi", "api.documentation"}


def test_it_names_every_route_and_no_other(app: Flask) -> None:
    routed = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint not in NOT_DESCRIBED
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(method.upper(), path) for path, operations in document()["paths"].items() for method in operations}
    assert described == routed


def test_it_asks_for_the_key_that_the_route_asks_for(app: Flask) -> None:
    for described in document()["paths"].values():
        for operation in described.values():
            rule = rule_of(app.view_functions[f"api.{operation['operationId']}"])
            if rule == PUBLIC:
                assert operation["security"] == []
                continue
            assert isinstance(rule, KeyRule)
            assert operation["security"][0] == {"apiKey": [rule.scope.value]}
            assert ({"ticket": []} in operation["security"]) == rule.or_ticket
            assert rule.scope in SCOPES


def test_its_schemas_are_schemas() -> None:
    for schema in PARTS.values():
        assert meta.is_valid({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_it_is_cached_by_its_etag(client: FlaskClient) -> None:
    first = client.get("/api/v1/openapi.json")
    assert first.json["openapi"].startswith("3.1")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.slow
def test_hostile_and_friendly_requests_of_every_kind(
    app: Flask, world: World, make_key: Callable[..., str], request: pytest.FixtureRequest
) -> None:
    """schemathesis makes them from the document, and holds every answer against it."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    key = make_key()
    booked = Program(app.test_client(), key).book(world.slot(TODAY + timedelta(days=7), 9).id).json
    fitting = {"slot_id": [world.slot(TOMORROW, 9).id], "code": [booked["code"]], "office": ["sragen"]}
    count = EXAMPLES["postgresql" if "postgresql" in request.node.name else "sqlite"]
    for operation in operations(app):
        attack(operation, GenerationMode.POSITIVE, count, key, fitting)
        if operation.path != "/api/v1/offices":  # which takes nothing that could be wrong
            attack(operation, GenerationMode.NEGATIVE, count, key)
    assert_sound(app)
