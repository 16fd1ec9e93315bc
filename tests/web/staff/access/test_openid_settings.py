"""A provider that is away, that is alone, and that there is none of."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from queue_app.config import settings_from
from queue_app.models import Staff
from tests.harness.factories import PASSWORD
from tests.harness.office import Visitor
from tests.harness.ports import free_port

LOG_IN = "/petugas/masuk"
NEEDED = {
    "QUEUE_APP_OIDC_ISSUER": "https://akun.sragen.example/realms/asn",
    "QUEUE_APP_OIDC_CLIENT_ID": "antrean",
    "QUEUE_APP_OIDC_CLIENT_SECRET": "rahasia",
}


def test_a_provider_that_is_away_is_said_and_passwords_go_on(
    visitor: Visitor, siti: Staff, set_provider: Callable[..., None]
) -> None:
    set_provider(f"https://127.0.0.1:{free_port()}")
    begun = time.monotonic()
    answer = visitor.get(f"{LOG_IN}/openid")
    assert answer.status_code == 503
    assert "Penyedia akun tidak menjawab" in answer.text
    assert 'name="password"' in answer.text
    assert visitor.get(f"{LOG_IN}/openid").status_code == 503
    assert time.monotonic() - begun < 8
    assert visitor.post(LOG_IN, {"username": "siti", "password": PASSWORD}).status_code == 303


def test_where_the_provider_is_alone_a_password_is_not_even_looked_at(
    app: Flask, client: FlaskClient, siti: Staff, set_provider: Callable[..., None]
) -> None:
    set_provider("https://akun.sragen.example", password_log_in=False)
    app.config["WTF_CSRF_ENABLED"] = False  # the page has no form that a token could be taken from
    page = client.get(LOG_IN).text
    assert 'name="password"' not in page
    assert "Masuk dengan akun Sragen" in page
    for password in (PASSWORD, "salah sekali ini"):
        answer = client.post(LOG_IN, data={"username": "siti", "password": password})
        assert (answer.status_code, "tidak dengan kata sandi" in answer.text) == (422, True)
    assert client.get("/petugas/").status_code == 303


def test_the_settings_as_they_are_written() -> None:
    means = {"QUEUE_APP_OIDC_SECOND_FACTOR": "mfa, urn:kuat", "QUEUE_APP_PASSWORD_LOG_IN": "no"}
    settings = settings_from({**NEEDED, **means})
    assert settings.openid is not None
    assert settings.openid.second_factor == {"mfa", "urn:kuat"}
    assert settings.openid.account_claim == "preferred_username"
    assert not settings.password_log_in
    assert settings_from({}).openid is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"QUEUE_APP_OIDC_ISSUER": "http://akun.sragen.example"},
        {"QUEUE_APP_OIDC_ISSUER": ""},
        {"QUEUE_APP_OIDC_CLIENT_ID": ""},
        {"QUEUE_APP_OIDC_CLIENT_SECRET": ""},
    ],
    ids=str,
)
def test_settings_that_do_not_fit_together(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="QUEUE_APP_OIDC") as problem:
        settings_from({**NEEDED, **wrong})
    assert "rahasia" not in str(problem.value)


def test_no_passwords_and_no_provider_would_let_nobody_in() -> None:
    with pytest.raises(ValueError, match="QUEUE_APP_OIDC_ISSUER"):
        settings_from({"QUEUE_APP_PASSWORD_LOG_IN": "no"})
