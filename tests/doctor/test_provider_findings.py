"""What the doctor says of the provider of identities, a real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_app.domain.clock import SystemClock
from tests.doctor.conftest import Doctor
from tests.harness.openid_provider import CLIENT_ID, CLIENT_SECRET, providing
from tests.harness.ports import free_port

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def by(issuer: str) -> dict[str, str]:
    client = {"QUEUE_APP_OIDC_CLIENT_ID": CLIENT_ID, "QUEUE_APP_OIDC_CLIENT_SECRET": CLIENT_SECRET}
    return {"QUEUE_APP_OIDC_ISSUER": issuer, **client}


def test_without_one_nothing_is_said(doctor: Doctor) -> None:
    assert doctor().about("log-in") == []


def test_one_that_answers_and_the_way_back(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with providing(tmp_path, SystemClock().now) as provider:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        report = doctor(**by(provider.issuer))
        assert report.says("log-in", "good", "answers as one")
        assert report.says("log-in", "look", "in the clear")
        assert CLIENT_SECRET not in report.text
        other = doctor(**by(provider.issuer.removesuffix("/realm")))
        assert other.says("log-in", "wrong", "metadata is that of another issuer")


def test_one_that_is_away(doctor: Doctor) -> None:
    report = doctor(**by(f"https://127.0.0.1:{free_port()}"))
    assert report.says("log-in", "wrong", "ConnectionError")
