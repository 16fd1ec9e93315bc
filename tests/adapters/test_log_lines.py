"""Lines of the log: what they carry, and what they must not."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from queue_app.adapters.correlation import because_of
from queue_app.adapters.log_lines import JsonLines, TextLines

SECRET = "3314990101900001 Siti"


def record(message: str = "worker %s ended", problem: BaseException | None = None) -> logging.LogRecord:
    told = (type(problem), problem, problem.__traceback__) if problem else None
    return logging.LogRecord("queue_app.probe", logging.ERROR, __file__, 1, message, ("7",), told)


def problems() -> Iterator[BaseException]:
    """Three that quote what was typed, the last with a cause of its own."""
    typed = SECRET
    for fail in (lambda: int(typed), lambda: {}[typed], lambda: _wrapped(typed)):
        try:
            fail()
        except Exception as problem:
            yield problem


def _wrapped(typed: str) -> None:
    try:
        int(typed)
    except ValueError as problem:
        raise LookupError(f"no {typed}") from problem


def test_a_line_of_json_says_when_who_and_why() -> None:
    with because_of("request_id", "abcdef012345"):
        line = json.loads(JsonLines("web").format(made := record()))
    assert line.keys() == {"time", "level", "logger", "message", "process", "pid", "request_id"}
    assert datetime.fromisoformat(line["time"]).timestamp() == pytest.approx(made.created, abs=0.002)
    assert (line["message"], line["process"], line["request_id"]) == ("worker 7 ended", "web", "abcdef012345")
    assert "request_id" not in json.loads(JsonLines("web").format(record())), "the request is over"


def test_a_line_is_one_line_whatever_is_in_it() -> None:
    assert "\n" not in JsonLines("command").format(record("two\nlines %s", next(problems())))


def test_text_carries_the_id_at_its_end() -> None:
    with because_of("job_run_id", "abcdef012345"):
        assert TextLines().format(record()).endswith("ERROR queue_app.probe: worker 7 ended [abcdef012345]")
    assert TextLines().format(record()).endswith(": worker 7 ended")


@pytest.mark.parametrize("problem", list(problems()), ids=lambda problem: type(problem).__name__)
@pytest.mark.parametrize("lines", [JsonLines("web"), TextLines()], ids=["json", "text"])
def test_a_traceback_shows_the_place_and_no_values(lines: logging.Formatter, problem: BaseException) -> None:
    line = lines.format(record(problem=problem))
    assert SECRET not in line
    assert type(problem).__name__ in line
    assert "test_log_lines.py:" in line
    if isinstance(problem, LookupError) and problem.__cause__:
        assert line.index("ValueError") < line.index("then:") < line.index("LookupError")


def test_what_an_error_says_of_the_code_is_kept() -> None:
    with pytest.raises(AttributeError) as raised:
        "".nothing  # type: ignore[attr-defined]  # noqa: B018 - that it fails is what is wanted
    assert "has no attribute 'nothing'" in JsonLines("web").format(record(problem=raised.value))


def test_without_the_rule_the_values_would_be_there() -> None:
    """The control: the library's own formatter quotes them."""
    assert SECRET in logging.Formatter().format(record(problem=next(problems())))
