"""Settings are read once, at the start: what cannot be right is refused with a sentence that names the variable."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_app.cli import main
from queue_app.config import Settings, log_as_json, settings_from


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("QUEUE_APP_PUBLIC_URL", address)
            for address in (
                "javascript:alert(1)",
                "antrean.example.go.id",
                "//antrean.example.go.id",
                "https://",
                "https:///tiket",
                "https://siti:rahasia@antrean.example.go.id",
                "https://antrean.example.go.id/antrean",
                "https://antrean.example.go.id?a=1",
                "https://antrean.example.go.id#a",
                "https://antrean.example.go.id:99999",
                "https://antrean.example.go.id:",
                "https://antrean example.go.id",
                "https://[::1",
                "https://antrean.example.go.id\nX-A: b",
                "ftp://antrean.example.go.id",
            )
        ),
        *(("PORT", number) for number in ("0", "65536", "-1", "8000.5", "1e3", "٨٠٠٠", "9" * 30)),
        ("QUEUE_APP_WORKERS", "0"),
        ("QUEUE_APP_WORKERS", "65"),
        ("QUEUE_APP_TRUSTED_PROXIES", "-1"),
        ("QUEUE_APP_TRUSTED_PROXIES", "11"),
        ("QUEUE_APP_STAFF_IDLE_MINUTES", "0"),
        ("QUEUE_APP_STAFF_ABSOLUTE_HOURS", "0"),
        ("QUEUE_APP_STAFF_ABSOLUTE_HOURS", "99999999999999999"),
        ("QUEUE_APP_RETENTION_DAYS", "0"),
        ("QUEUE_APP_RETENTION_DAYS", "1000000"),
        ("QUEUE_APP_BRAND_COLOUR", "red"),
        ("QUEUE_APP_BRAND_COLOUR", "#fff;}"),
        ("QUEUE_APP_BRAND_COLOUR", "#ffb703"),
        ("QUEUE_APP_OFFICE_TITLE", "Antrean\nDukcapil"),
        ("QUEUE_APP_OFFICE_TITLE", "A" * 81),
        ("QUEUE_APP_OFFICE_SUBTITLE", "Kabupaten\x00Sragen"),
        ("QUEUE_APP_RUN_SCHEDULER", "maybe"),
        ("QUEUE_APP_SMTP_HOST", "smtp://mail.example.go.id"),
        ("QUEUE_APP_SMTP_HOST", "mail.example.go.id:587"),
        ("QUEUE_APP_SMTP_PORT", "0"),
        ("QUEUE_APP_SMTP_PORT", "70000"),
        ("QUEUE_APP_SMTP_USER", "antrean"),
        ("QUEUE_APP_MAIL_FROM", "antrean"),
        ("QUEUE_APP_MAIL_FROM", "a@b@example.go.id"),
        ("QUEUE_APP_MAIL_FROM", "antrean@example.go.id, x@example.go.id"),
        ("QUEUE_APP_MAIL_FROM", "antrean@example.go.id\nBcc: x@example.go.id"),
        ("QUEUE_APP_METRICS_TOKEN", "rahasia"),
        ("QUEUE_APP_METRICS_TOKEN", "rahasia-rahasia"),
        ("QUEUE_APP_METRICS_TOKEN", "rahasia-rahasia\nrahasia"),
        ("QUEUE_APP_LOG_REQUESTS", "maybe"),
        ("QUEUE_APP_DATABASE_URL", "mysql://a:rahasia@b/c"),
        ("QUEUE_APP_DATABASE_URL", "queue.db"),
        ("QUEUE_APP_DATABASE_URL", "sqlite:///:memory:"),
        ("QUEUE_APP_DATABASE_URL", "sqlite://"),
    ],
)
def test_what_cannot_be_right_is_named(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=name) as refusal:
        settings_from({name: value})
    assert "rahasia" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_nobody_is_idle_for_longer_than_they_may_stay() -> None:
    with pytest.raises(ValueError, match="QUEUE_APP_STAFF_IDLE_MINUTES"):
        settings_from({"QUEUE_APP_STAFF_IDLE_MINUTES": "61", "QUEUE_APP_STAFF_ABSOLUTE_HOURS": "1"})


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://antrean.example.go.id/", "https://antrean.example.go.id"),
        ("HTTPS://antrean.example.go.id", "https://antrean.example.go.id"),
        ("http://192.168.1.10:8000", "http://192.168.1.10:8000"),
        ("http://[fd00::1]:8000", "http://[fd00::1]:8000"),
        ("http://localhost", "http://localhost"),
        ("  ", "http://127.0.0.1:8123"),
    ],
)
def test_addresses_of_a_site(address: str, read: str) -> None:
    settings = settings_from({"QUEUE_APP_PUBLIC_URL": address, "PORT": "8123"})
    assert settings.public_url == read
    assert settings.secure_cookies == read.startswith("https")


@pytest.mark.parametrize(
    "sender", ["antrean@localhost", "Dukcapil Sragen <antrean@sragenkab.go.id>", "Dukcapil Sragén <a@b.id>"]
)
def test_senders_of_mail(sender: str) -> None:
    assert settings_from({"QUEUE_APP_MAIL_FROM": sender}).mail_from == sender


@pytest.mark.parametrize("value", ["sqlite:////srv/queue/queue.db", "sqlite:///queue.db"])
def test_files_of_a_database(value: str) -> None:
    assert settings_from({"QUEUE_APP_DATABASE_URL": value}).database_url == value


@pytest.mark.parametrize("value", ["postgres://a:b@c/d", "postgresql://a:b@c/d", "postgresql+psycopg://a:b@c/d"])
def test_addresses_of_a_server(value: str) -> None:
    assert settings_from({"QUEUE_APP_DATABASE_URL": value}).database_url == "postgresql+psycopg://a:b@c/d"


def test_without_a_variable_everything_has_a_default(tmp_path: Path) -> None:
    settings = settings_from({"QUEUE_APP_INSTANCE": str(tmp_path)})
    plain = Settings(tmp_path, f"sqlite:///{tmp_path / 'queue.db'}", workers=settings.workers)
    assert settings == plain
    assert settings.retention == timedelta(days=90)


def test_a_whole_mail_server() -> None:
    named = {"HOST": "mail.example.go.id", "PORT": "465", "USER": "antrean", "PASSWORD": " rahasia ", "STARTTLS": "no"}
    settings = settings_from({f"QUEUE_APP_SMTP_{name}": value for name, value in named.items()})
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_starttls) == ("mail.example.go.id", 465, False)
    assert (settings.smtp_user, settings.smtp_password) == ("antrean", " rahasia ")


@pytest.mark.parametrize("url", ["postgresql://a:rahasia@b:port/c", "postgresql://a:rahasia@b:99999999/c"])
def test_a_command_ends_with_the_sentence(tmp_path: Path, url: str) -> None:
    environment = {"QUEUE_APP_INSTANCE": str(tmp_path), "QUEUE_APP_DATABASE_URL": url}
    answer = CliRunner().invoke(main, ["init"], env=environment)
    assert (answer.exit_code, answer.output.count("\n")) == (1, 1), answer.output
    assert answer.output.startswith("Error: ")
    assert "rahasia" not in answer.output


@pytest.mark.parametrize(("given", "kept"), [("", None), (" 0123456789abcdef ", "0123456789abcdef")])
def test_the_token_of_the_metrics(given: str, kept: str | None) -> None:
    assert settings_from({"QUEUE_APP_METRICS_TOKEN": given}).metrics_token == kept


@pytest.mark.parametrize(("given", "as_json"), [("", False), ("text", False), ("json", True)])
def test_the_form_of_the_log(given: str, as_json: bool) -> None:
    assert log_as_json({"QUEUE_APP_LOG": given}) is as_json


def test_an_unknown_form_of_the_log_ends_every_command_with_a_sentence() -> None:
    told = CliRunner().invoke(main, ["run-job", "--list"], env={"QUEUE_APP_LOG": "xml"})
    assert told.exit_code == 1
    assert told.output.strip() == "Error: QUEUE_APP_LOG must be text or json, not 'xml'."
