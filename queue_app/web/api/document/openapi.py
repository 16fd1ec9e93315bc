"""The OpenAPI 3.1 document, made of the schemas that validate and of the operations that are routed."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from queue_app.domain.api_keys import Scope
from queue_app.web.access.api_keys import TICKET_TOKEN
from queue_app.web.refusals.programs import KINDS, MEDIA_TYPE

from .operations import BASE, OPERATIONS, Operation
from .schemas import PARTS
from .shapes import Schema, ref
from .webhook_schemas import WEBHOOKS, webhooks

SCOPES = {
    Scope.BOOKINGS_WRITE: "Book; see, move and cancel the bookings made with this key.",
    Scope.CHECK_INS_WRITE: "Check people in.",
    Scope.FIGURES_READ: "Read the figures of offices.",
}
DESCRIPTION = """\
For programs that book for citizens or check them in. Times carry the office's offset; days are those of the office.

A request that was answered with 429 or 503 may be sent again after Retry-After seconds. Decide by `code`, never by the
text of an error. Fields may be added to answers.

Instead of asking again and again a program may be told: an administrator of the office makes a webhook for it.
"""
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
CHALLENGE = {"WWW-Authenticate": {"description": "RFC 6750.", "schema": {"type": "string"}}}
HEADERS_OF = {401: CHALLENGE, 403: CHALLENGE, 429: RETRY_AFTER, 503: RETRY_AFTER}


@cache
def document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[BASE + operation.path][operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Queue API", "version": "1.0.0", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": dict(paths),
        "webhooks": webhooks(),
        "components": {
            "schemas": PARTS | WEBHOOKS,
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: " + " ".join(f"`{scope}`: {text}" for scope, text in SCOPES.items()),
                },
                "ticket": {
                    "type": "apiKey",
                    "in": "header",
                    "name": TICKET_TOKEN,
                    "description": "The token of a ticket of the booking.",
                },
            },
        },
    }


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [
            *(_parameter(name, "path", schema) for name, schema in operation.path_parameters.items()),
            *(_parameter(name, "query", schema) for name, schema in operation.query.items()),
            *(_parameter(name, "header", schema) for name, schema in operation.headers.items()),
        ],
        "responses": _responses(operation),
        "security": _security(operation),
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": ref(operation.body)}}}
    return described


def _parameter(name: str, place: str, schema: Schema) -> dict[str, Any]:
    plain = {key: value for key, value in schema.items() if key not in {"description", "x-optional"}}
    return {
        "name": name,
        "in": place,
        "required": not schema.get("x-optional"),
        "description": schema.get("description", ""),
        "schema": plain,
    }


def _security(operation: Operation) -> list[dict[str, list[str]]]:
    if operation.scope is None:
        return []
    needed: list[dict[str, list[str]]] = [{"apiKey": [operation.scope.value]}]
    return [*needed, {"ticket": []}] if operation.or_ticket else needed


def _responses(operation: Operation) -> dict[str, Any]:
    success: dict[str, Any] = {
        "description": operation.summary,
        "content": {"application/json": {"schema": ref(operation.answer)}},
    }
    if operation.cached:
        success["headers"] = {"ETag": {"description": "For If-None-Match.", "schema": {"type": "string"}}}
    responses: dict[str, Any] = {str(operation.status): success}
    if operation.cached:
        responses["304"] = {"description": "What If-None-Match names is still right."}
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in operation.all_codes:
        by_status[KINDS[code].status].append(code)
    for status in sorted(by_status):
        responses[str(status)] = {
            "description": ", ".join(f"`{code}`" for code in by_status[status]),
            "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
            **({"headers": HEADERS_OF[status]} if status in HEADERS_OF else {}),
        }
    return responses
