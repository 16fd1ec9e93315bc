"""Bodies are read as a whole before anything else."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from queue_app.web.before_flask.body import LARGEST_BODY, ReadBody
from tests.web.before_flask.asking import Answered


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"CONTENT_LENGTH": "3", "wsgi.input": BytesIO(b"abc and the next request")}, 200),
        ({"CONTENT_LENGTH": "", "wsgi.input": BytesIO(b"of somebody else")}, 200),
        ({"CONTENT_LENGTH": str(LARGEST_BODY), "wsgi.input": BytesIO(b"x" * LARGEST_BODY)}, 200),
        ({"CONTENT_LENGTH": str(LARGEST_BODY + 1)}, 413),
        ({"CONTENT_LENGTH": "9" * 5000}, 413),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "1e3"}, 400),
        ({"CONTENT_LENGTH": "٣"}, 400),
        ({"CONTENT_LENGTH": "5", "wsgi.input": BytesIO(b"abc")}, 400),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": "application/x-www-form-urlencoded"}, 411),
        ({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": "application/json"}, 200),
        (
            {
                "HTTP_TRANSFER_ENCODING": "chunked",
                "CONTENT_TYPE": "application/json",
                "wsgi.input": BytesIO(b" " * (LARGEST_BODY + 1)),
            },
            413,
        ),
    ],
)
def test_only_whole_bodies_of_a_decent_size_get_through(environ: dict[str, Any], status: int) -> None:
    answered = Answered(ReadBody(echo), **environ)
    assert answered.status == status
    if status == 200:
        assert len(answered.body) == int(environ.get("CONTENT_LENGTH") or 0), "not a byte more than was announced"


def test_a_refusal_before_flask_carries_the_security_headers(client: FlaskClient) -> None:
    large = b"x" * (LARGEST_BODY + 1)
    headers = client.post("/petugas/masuk", data=large, base_url="https://antrean.example").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in client.post("/petugas/masuk", data=large).headers


def test_the_layers_stand_before_the_whole_application(client: FlaskClient) -> None:
    answer = client.post("/petugas/masuk", data=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in answer.text
    answer = client.post("/api/v1/check-ins", data=b"x" * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert answer.json
    assert answer.json["code"] == "too_large"
