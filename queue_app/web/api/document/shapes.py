"""The few kinds of JSON Schema that all shapes of the API are made of."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def text(description: str, example: str, *, least: int = 0, most: int | None = None, pattern: str = "") -> Schema:
    found: Schema = {"type": "string", "description": description, "examples": [example]}
    found |= {"minLength": least} if least else {}
    found |= {"maxLength": most} if most else {}
    return found | ({"pattern": pattern} if pattern else {})


def number(description: str, example: int, *, least: int = 0, most: int | None = None) -> Schema:
    found: Schema = {"type": "integer", "description": description, "examples": [example], "minimum": least}
    return found | ({"maximum": most} if most else {})


def confirmation(description: str) -> Schema:
    return {"type": "boolean", "default": False, "description": description, "examples": [False]}


def instant(description: str, example: str = "2026-11-24T09:00:00+07:00") -> Schema:
    return {"type": "string", "format": "date-time", "description": description, "examples": [example]}


def nothing_or(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def closed(properties: dict[str, Schema], *optional: str, **more: Any) -> Schema:
    """What is sent: every field is required but the optional ones, and there are no others."""
    return opened(properties, *optional, additionalProperties=False, **more)


def opened(properties: dict[str, Schema], *optional: str, **more: Any) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, **more}


def many(name: str, **more: Any) -> Schema:
    return {"type": "array", "items": ref(name), **more}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
