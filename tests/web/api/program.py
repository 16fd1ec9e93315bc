"""A partner's program: sends JSON with a key, and holds every answer against the published document."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask.testing import FlaskClient
from jsonschema_rs import Draft202012Validator
from werkzeug.test import TestResponse

from queue_app.web.api.document.openapi import document

PERSON = {"name": "Siti Wahyuni", "nik": "3314991703050001", "phone": "0812-3456-7890"}


class Program:
    def __init__(self, client: FlaskClient, key: str | None = None, **headers: str) -> None:
        self._client = client
        self.headers = {**({"Authorization": f"Bearer {key}"} if key else {}), **headers}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._send("GET", path, headers)

    def post(self, path: str, body: Any = None, *, data: str | None = None, **headers: str) -> TestResponse:
        """``data``: JSON as it goes out."""
        content = {"data": data, "content_type": "application/json"} if data else {} if body is None else {"json": body}
        return self._send("POST", path, headers, **content)

    def book(self, slot_id: int, person: Any = PERSON, key: str = "", **more: Any) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        return self.post(f"/slots/{slot_id}/bookings", {"applicant": person, **more}, **headers)

    def _send(self, method: str, path: str, headers: dict[str, str], **content: Any) -> TestResponse:
        answer = self._client.open(f"/api/v1{path}", method=method, headers={**self.headers, **headers}, **content)
        conforms(answer, method, path)
        return answer


def conforms(answer: TestResponse, method: str, path: str) -> None:
    """Status and media type are in the document, and the body has the shape that stands there."""
    operation = _operation(method, path.partition("?")[0])
    described = operation["responses"].get(str(answer.status_code))
    assert described, f"{method} {path} may not answer {answer.status_code}: {answer.text}"
    if answer.status_code == 304:
        return
    (media_type, content), *_ = described["content"].items()
    assert answer.mimetype == media_type
    problems = [
        f"{error.instance_path} {error.message}"
        for error in _validator(content["schema"]["$ref"]).iter_errors(answer.json)
    ]
    assert not problems, problems
    if answer.status_code >= 400:
        assert answer.json["code"] in described["description"]
        assert answer.json["status"] == answer.status_code
        assert answer.json["detail"]


def _operation(method: str, path: str) -> dict[str, Any]:
    wanted = f"/api/v1{path}".split("/")
    for template, operations in document()["paths"].items():
        parts = template.split("/")
        if len(parts) == len(wanted) and all(a == b or a.startswith("{") for a, b in zip(parts, wanted, strict=True)):
            return operations[method.lower()]
    raise AssertionError(f"{method} {path} is not in the document")


@cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference, "components": document()["components"]}, validate_formats=True)
