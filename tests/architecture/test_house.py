"""Rules of the house that hold in every file."""

import ast
import re
from pathlib import Path

import pytest

from tests.harness.source import NOT_OURS, PACKAGE, ROOT, dotted, modules, name, texts, tree

CLOCK_READS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today|fromtimestamp)|date\.today|time\.(time|time_ns|localtime|gmtime|ctime)"
    r"|func\.(now|current_timestamp|current_date))$"
)
MAY_READ_THE_CLOCK = {"queue_app/domain/clock.py"}
ENVIRONMENT_READS = re.compile(
    r"(^|\.)(os\.(environ|environb|getenv|putenv)|getenv)$"
)  # a plain `environ` is a request of WSGI
MAY_READ_THE_ENVIRONMENT = {"queue_app/config.py"}
LONGEST_MODULE = 250
LONGEST_LINE = 120  # columns of a style sheet or a script; ruff holds Python to the same
VAGUE_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)($|_)")


def test_only_the_clock_module_reads_a_clock() -> None:
    """Everything else is handed `now`; else no test could say what time it is, and zones would be mixed up."""
    assert not _uses(CLOCK_READS, MAY_READ_THE_CLOCK)


def test_only_config_reads_the_environment() -> None:
    assert not _uses(ENVIRONMENT_READS, MAY_READ_THE_ENVIRONMENT)
    taken = [name(path) for path in modules() if "from os import" in path.read_text(encoding="utf-8")]
    assert not taken, "the rule looks for os.environ"


@pytest.mark.parametrize("source", ["datetime.now(UTC)", "dt.datetime.utcnow()", "date.today()", "time.time()"])
def test_the_clock_rule_sees_each_kind_of_clock(source: str) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert CLOCK_READS.search(dotted(call.func))


def test_timing_by_the_monotonic_clock_is_allowed() -> None:
    assert not CLOCK_READS.search("time.monotonic")
    assert not CLOCK_READS.search("time.perf_counter")


def test_each_script_says_in_its_first_line_what_it_does() -> None:
    for path in [*_files(ROOT / "scripts"), ROOT / ".ci" / "run"]:
        lines = path.read_text(encoding="utf-8").splitlines()
        first = lines[1] if lines[0].startswith("#!") else lines[0]
        assert re.match(r'(#|""").{20,}', first), f"{name(path)} does not say what it does"


def test_nothing_is_left_to_be_done_later() -> None:
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")  # in halves, or this line would be found
    offences = [name(path) for path in texts() if mark.search(path.read_text(encoding="utf-8"))]
    assert not offences


def test_no_module_outgrows_its_room() -> None:
    too_long = {
        name(path): lines
        for path in [*modules(), *modules(ROOT / "tests")]
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert not too_long


def test_no_style_sheet_and_no_script_has_lines_that_nobody_reads() -> None:
    too_long = [
        f"{name(path)}:{number}"
        for path in texts()
        if path.suffix in {".css", ".js"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert not too_long


def test_module_names_say_what_is_inside() -> None:
    assert not [name(path) for path in modules() if VAGUE_NAMES.search(path.stem)]


def test_a_module_says_the_thing_in_its_first_words() -> None:
    """ "What ..." and "Who ..." put off the noun that a reader looks for."""
    offences = [
        name(path) for path in modules() if re.match(r'"""(What|Who|Which)\b', path.read_text(encoding="utf-8"))
    ]
    assert not offences


def test_templates_and_pages_bring_no_inline_script_or_style() -> None:
    """The content security policy would block it silently in the browser."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)|<style|\sstyle=|\son[a-z]+=[\"']", re.I)
    offences = [
        name(path)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "messages" not in path.parts and inline.search(path.read_text(encoding="utf-8"))
    ]
    assert not offences


def _uses(pattern: re.Pattern[str], allowed: set[str]) -> list[str]:
    return [
        f"{name(path)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if name(path) not in allowed and not name(path).startswith(NOT_OURS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute | ast.Name) and pattern.search(dotted(node))
    ]


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if path.is_file()]
