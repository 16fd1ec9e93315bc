"""The OpenAPI document arranged for reading: chapters with tables, an example and a command line each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .shapes import Schema

EXAMPLE_KEY = "qak_…"


@dataclass(frozen=True)
class Field:
    """``name``: ``applicant.nik``, ``days[].date``. ``rules``: "string, at most 40 characters"."""

    name: str
    rules: str
    required: bool
    description: str
    place: str = ""  # of a parameter: path, query, header


@dataclass(frozen=True)
class Chapter:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    or_ticket: bool
    parameters: tuple[Field, ...]
    sent: tuple[Field, ...]
    answered: tuple[Field, ...]
    status: str
    command: str
    answer: str
    problems: tuple[tuple[str, str], ...]  # status, codes


def page_of(document: dict[str, Any], site: str) -> tuple[Chapter, ...]:
    """``site``: where the program is reached, without a slash at the end."""
    reader = _Reader(document["components"]["schemas"])
    return tuple(
        reader.chapter(path, method.upper(), operation, site)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    )


class _Reader:
    def __init__(self, parts: dict[str, Schema]) -> None:
        self._parts = parts

    def chapter(self, path: str, method: str, operation: dict[str, Any], site: str) -> Chapter:
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        good = next(status for status in operation["responses"] if status.startswith("2"))
        answer = operation["responses"][good]["content"]["application/json"]["schema"]
        problems = [entry for entry in operation["responses"].items() if entry[0][0] in "45"]
        return Chapter(
            id=operation["operationId"],
            method=method,
            path=path,
            summary=operation["summary"],
            description=operation["description"],
            scopes=tuple(name for needed in operation["security"] for name in needed.get("apiKey", ())),
            or_ticket=any("ticket" in needed for needed in operation["security"]),
            parameters=tuple(self._parameter(parameter) for parameter in operation["parameters"]),
            sent=tuple(self.fields(body)) if body else (),
            answered=tuple(self.fields(answer)),
            status=good,
            command=self._command(path, method, operation, body, site),
            answer=json.dumps(self.example(answer), indent=2, ensure_ascii=False),
            problems=tuple((status, entry["description"].replace("`", "")) for status, entry in problems),
        )

    def fields(self, schema: Schema, prefix: str = "") -> list[Field]:
        schema = self._resolved(schema)
        found: list[Field] = []
        for name, part in schema.get("properties", {}).items():
            inner = self._resolved(part)
            many = inner.get("type") == "array"
            full = f"{prefix}{name}{'[]' if many else ''}"
            found.append(Field(full, rules(inner), name in schema.get("required", ()), inner.get("description", "")))
            found += self.fields(inner["items"] if many else inner, f"{full}.")
        return found

    def example(self, schema: Schema) -> Any:
        schema = self._resolved(schema)
        if "examples" in schema:
            return schema["examples"][0]
        if "properties" in schema:
            return {name: self.example(part) for name, part in schema["properties"].items()}
        if "items" in schema:
            return [self.example(schema["items"])]
        if "enum" in schema:
            return schema.get("default", schema["enum"][0])
        return True if schema.get("type") == "boolean" else None

    def _resolved(self, schema: Schema) -> Schema:
        if "$ref" not in schema:
            return schema
        return self._resolved({**self._parts[schema["$ref"].rpartition("/")[2]]})

    def _parameter(self, parameter: dict[str, Any]) -> Field:
        described = (parameter["name"], rules(parameter["schema"]), parameter["required"], parameter["description"])
        return Field(*described, place=parameter["in"])

    def _command(self, path: str, method: str, operation: dict[str, Any], body: Schema | None, site: str) -> str:
        query = []
        lines: list[str] = []
        for parameter in operation["parameters"]:
            value = str(parameter["schema"]["examples"][0])
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", value)
            elif parameter["in"] == "query":
                query.append(f"{parameter['name']}={value}")
            else:
                lines.append(f"-H '{parameter['name']}: {value}'")
        if operation["security"]:
            lines.insert(0, f"-H 'Authorization: Bearer {EXAMPLE_KEY}'")
        if body:
            lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(self.example(body))}'"]
        verb = "" if method == "GET" else f"-X {method} "
        address = f"{site}{path}" + ("?" + "&".join(query) if query else "")
        return " \\\n  ".join([f"curl {verb}'{address}'", *lines])


def rules(schema: Schema) -> str:
    """What a value must be, in a few words."""
    types = schema.get("type", "object")
    words = [" / ".join(types) if isinstance(types, list) else types]
    if "enum" in schema:
        words = [" | ".join(schema["enum"])]
    if "format" in schema:
        words.append(schema["format"])
    sizes = (("minLength", "≥ {} characters"), ("maxLength", "≤ {} characters"), ("maxItems", "≤ {}"))
    words += [text.format(schema[name]) for name, text in sizes if schema.get(name)]
    return ", ".join(words)
