"""Requests that schemathesis makes from the published document; every answer is held against it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance


def operations(app: Flask) -> list[Any]:
    config = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    return [result.ok() for result in schema.get_all_operations()]


def attack(
    operation: Any,
    mode: GenerationMode,
    count: int,
    key: str,
    fitting: dict[str, Sequence[Any]] | None = None,
    *,
    beginning: int | None = None,
) -> int:
    """How many were sent: up to ``count``, fewer where there is little to vary.

    ``fitting``: path parameters that lead somewhere, for every other request; else nearly all would find nothing.
    ``beginning``: of what chance decides; None for another one each time.
    """
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "identity"}
    turns = itertools.count()

    # Without making a failure smaller: that would take minutes, and the answer says enough.
    @settings(max_examples=count, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case) -> None:
        turn = next(turns)
        if fitting and turn % 2:
            known = {name: values[turn % len(values)] for name, values in fitting.items()}
            case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
        # A NIK of the right shape need not be one that can exist.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    (check if beginning is None else seed(beginning)(check))()
    sent = next(turns)
    assert sent or not fitting
    return sent
