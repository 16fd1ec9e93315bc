"""Settings of watching and logging: what is wrong with one is said in a sentence that names it."""

import pytest
from click.testing import CliRunner

from queue_app.cli import main
from queue_app.config import log_as_json, settings_from


@pytest.mark.parametrize(("given", "kept"), [("", None), (" 0123456789abcdef ", "0123456789abcdef")])
def test_the_token_of_the_metrics(given: str, kept: str | None) -> None:
    assert settings_from({"QUEUE_APP_METRICS_TOKEN": given}).metrics_token == kept


def test_a_token_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="QUEUE_APP_METRICS_TOKEN must have at least 16 characters") as refused:
        settings_from({"QUEUE_APP_METRICS_TOKEN": "too-short-a-one"})
    assert "too-short" not in str(refused.value), "it is a secret even so"


@pytest.mark.parametrize(("given", "as_json"), [("", False), ("text", False), ("json", True)])
def test_the_form_of_the_log(given: str, as_json: bool) -> None:
    assert log_as_json({"QUEUE_APP_LOG": given}) is as_json


def test_an_unknown_form_of_the_log_ends_every_command_with_a_sentence() -> None:
    told = CliRunner().invoke(main, ["run-job", "--list"], env={"QUEUE_APP_LOG": "xml"})
    assert told.exit_code == 1
    assert told.output.strip() == "Error: QUEUE_APP_LOG must be text or json, not 'xml'."
