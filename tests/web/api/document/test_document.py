"""The document says what is routed, and what is routed does what the document says."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema_rs import meta
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from queue_app.web.access.api_keys import KeyRule
from queue_app.web.access.rules import PUBLIC, rule_of
from queue_app.web.api.document.openapi import SCOPES, document
from queue_app.web.api.document.schemas import PARTS
from tests.concurrency.races import assert_sound
from tests.harness.office import TODAY, TOMORROW, World
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
    for operations in document()["paths"].values():
        for operation in operations.values():
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
    fitting = {"slot_id": world.slot(TOMORROW, 9).id, "code": booked["code"], "office": "sragen"}
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    count = EXAMPLES["postgresql" if "postgresql" in request.node.name else "sqlite"]
    for result in schema.get_all_operations():
        operation = result.ok()
        attack(operation, GenerationMode.POSITIVE, count, key, fitting)
        if operation.path != "/api/v1/offices":  # which takes nothing that could be wrong
            attack(operation, GenerationMode.NEGATIVE, count, key)
    assert_sound(app)


def attack(operation: Any, mode: GenerationMode, count: int, key: str, fitting: dict[str, Any] | None = None) -> None:
    """``fitting``: path parameters that lead somewhere, for every other request; else nearly all would find nothing."""
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    turns = itertools.count()

    # Without making a failure smaller: that would take minutes, and the answer says enough.
    @settings(max_examples=count, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        if fitting and next(turns) % 2:
            case.path_parameters = {name: fitting[name] for name in case.path_parameters or {}}
        # A NIK of the right shape need not be one that can exist.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    check()
    assert next(turns) or not fitting
