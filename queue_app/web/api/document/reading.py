"""Reads what was sent: its shape by the published schemas, everything that is wrong at once, nothing echoed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from flask import request
from jsonschema_rs import Draft202012Validator, ValidationError

from queue_app.domain.errors import DomainError
from queue_app.domain.typed_text import cleaned
from queue_app.web.forms.json_text import read_json, require_characters
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _

from .schemas import PARTS
from .shapes import Schema

Value = TypeVar("Value")
FieldError = dict[str, str]
_OF_PARAMETERS: dict[int, Draft202012Validator] = {}
FIELD = re.compile(r"[a-z_]{1,40}")
OPAQUE = "nonce"  # random, and typed by nobody: it stays as it was sent


class InvalidRequest(Exception):
    """``errors``: one for each thing that is wrong."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__("invalid_request")
        self.errors = errors


class NotJson(Exception):
    """``code``: unsupported_media_type or invalid_json."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Body:
    """What `content_of` has read, with the complaints about its shape; `take` adds those of the domain."""

    def __init__(self, part: str, content: Any) -> None:
        self.content = content
        # One complaint for each place: a value of the wrong type breaks the rules about its content as well.
        first: dict[str, FieldError] = {}
        for error in validator(part).iter_errors(self.content):
            found = pointed(error)
            first.setdefault(found["pointer"], found)
        self.errors = list(first.values())
        self._wrong = frozenset(first)

    def get(self, pointer: str) -> Any:
        """What lies there; None when nothing does, or when its shape is wrong."""
        found = self.content
        for name in pointer.split("/")[1:]:
            if isinstance(found, list) and name.isdigit():
                found = found[int(name)] if int(name) < len(found) else None
            else:
                found = found.get(name) if isinstance(found, dict) else None
        return None if pointer in self._wrong else found

    def take(self, pointer: str, parse: Callable[[Any], Value]) -> Value | None:
        """The value there, read by the domain; None after noting its refusal."""
        raw = self.get(pointer)
        if raw is None:
            return None
        try:
            return parse(raw)
        except DomainError as refusal:
            self.complain(pointer, refusal.code, message_for(refusal))
            return None

    def complain(self, pointer: str, code: str, detail: str) -> None:
        self.errors.append({"pointer": pointer, "code": code, "detail": detail})

    def check(self) -> None:
        """Raises InvalidRequest when anything was wrong."""
        if self.errors:
            raise InvalidRequest(self.errors)


def parameters(schemas: dict[str, Schema], sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent in the query, checked; raises InvalidRequest."""
    errors = wrong_parameters(schemas, sent)
    if errors:
        raise InvalidRequest(errors)
    return {name: sent[name] for name in schemas if name in sent}


def wrong_parameters(schemas: dict[str, Schema], sent: Mapping[str, str]) -> list[FieldError]:
    """One complaint for each parameter that is missing or wrong. All schemas are of strings."""
    errors: list[FieldError] = []
    for name, schema in schemas.items():
        value = sent.get(name)
        if value is not None:
            found = next(iter(_alone(schema).iter_errors(_without_halves(value))), None)
            if found is not None:
                errors.append({"parameter": name, "code": found.kind.name, "detail": sentence(found)})
        elif not schema.get("x-optional"):
            errors.append({"parameter": name, "code": "required", "detail": _("Wajib diisi.")})
    return errors


@cache
def validator(part: str) -> Draft202012Validator:
    """Made once for each part, when it is first needed."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{part}", "components": {"schemas": PARTS}}, validate_formats=True
    )


def _alone(schema: Schema) -> Draft202012Validator:
    """Schemas of parameters are constants, so each is known by its identity."""
    found = _OF_PARAMETERS.get(id(schema))
    if found is None:
        found = _OF_PARAMETERS[id(schema)] = Draft202012Validator(schema, validate_formats=True)
    return found


def pointed(error: ValidationError) -> FieldError:
    """Where and what, without the value: it may be a NIK. Nor is the name of an unknown field safe to repeat."""
    path = [str(part) for part in error.instance_path]
    kind: Any = error.kind
    if kind.name == "required":
        path.append(kind.property)
    elif kind.name == "additionalProperties" and len(kind.unexpected) == 1 and FIELD.fullmatch(kind.unexpected[0]):
        path.append(kind.unexpected[0])
    pointer = "".join(f"/{part}" for part in path)
    return {"pointer": pointer, "code": kind.name, "detail": sentence(error)}


def sentence(error: ValidationError) -> str:
    kind: Any = error.kind
    name = kind.name
    if name == "required":
        return _("Wajib diisi.")
    if name == "type":
        return _("Jenis nilainya salah: harus %(types)s.") % {"types": ", ".join(_names(kind.types))}
    if name == "enum":
        return _("Harus salah satu dari: %(options)s.") % {"options": ", ".join(map(str, kind.options))}
    if name in {"minLength", "maxLength", "minimum", "maximum", "maxItems"}:
        return _limits()[name] % {"limit": kind.limit}
    others = {
        "additionalProperties": _("Ada isian yang tidak dikenal."),
        "oneOf": _("Isi salah satu saja: token atau code."),
        "format": _("Bentuknya salah. Tanggal ditulis seperti 2026-11-24."),
    }
    return others.get(name) or _("Bentuknya salah.")


def _limits() -> dict[str, str]:
    return {
        "minLength": _("Paling sedikit %(limit)s karakter."),
        "maxLength": _("Paling banyak %(limit)s karakter."),
        "minimum": _("Paling kecil %(limit)s."),
        "maximum": _("Paling besar %(limit)s."),
        "maxItems": _("Paling banyak %(limit)s orang."),
    }


def _names(types: Iterable[str] | str) -> list[str]:
    return [types] if isinstance(types, str) else sorted(types)


def sent_body(part: str) -> Body:
    """That of the request."""
    # All of it is there: web/before_flask/body.py has seen to that.
    return Body(part, content_of(request.mimetype, request.environ["wsgi.input"].read()))


def content_of(media_type: str, raw: bytes) -> Any:
    """What JSON says, its strings cleaned. Raises NotJson."""
    if media_type != "application/json":
        raise NotJson("unsupported_media_type")
    try:
        content = read_json(raw)
        if b"\\u" in raw:
            require_characters(content)
    except ValueError:
        raise NotJson("invalid_json") from None
    return _cleaned(content)


def _cleaned(value: Any) -> Any:
    """As every form is: what people typed reaches programs with all that they pasted."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {name: item if name == OPAQUE else _cleaned(item) for name, item in value.items()}
    return value


def _without_halves(value: str) -> str:
    """Bytes that are no UTF-8 arrive as halves of surrogate pairs, which the validator cannot take."""
    return value.encode("utf-8", "replace").decode("utf-8")
