"""The commands that our documents show exist: scripts, subcommands, options. Nothing is run."""

import importlib
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask_migrate.cli import db as migrating

from queue_app.cli import main
from queue_app.jobs.registry import JOBS
from tests.harness.source import ROOT, name

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
OURS = re.compile(r"scripts/[a-z]|\.ci/run\b|(\.venv/bin/)?(queue-app|flask)\s|\.venv/bin/\S")
SETTING = re.compile(r"[A-Z_]+=(\$\([^)]*\)|\S*)\s+")
FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    (\S.*)$", re.MULTILINE)
SPAN = re.compile(r"`([^`]+)`")
PLACEHOLDER = re.compile(r"[A-Z_]+")
FILES = ("tests/", "scripts/")  # arguments that begin so name files of the project


def shown_in(text: str) -> list[str]:
    """Our commands in code blocks and between backticks; of a line with several each of them."""
    lines = [line for block in FENCED.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    rest = FENCED.sub("", text)
    lines += INDENTED.findall(rest)
    lines += [" ".join(span.split()) for span in SPAN.findall(rest)]
    return [command for line in lines for part in line.split(" && ") if (command := _without_settings(part))]


def faults(command: str) -> Iterator[str]:
    """What is wrong with a command."""
    words = [word.strip("[]") for word in shlex.split(command, comments=True)]
    program, arguments = words[0], words[1:]
    yield from _faults_of_program(program, alone=not arguments)
    yield from (f"{word} does not exist" for word in arguments if word.startswith(FILES) and not _exists(word))
    if program.endswith("queue-app"):
        yield from _faults_of_click(main, arguments)
    elif program.endswith("flask"):
        yield from _faults_of_flask(arguments)


def _without_settings(part: str) -> str:
    """The command without the variables set for it; "" when it is none of ours."""
    part = part.strip()
    while setting := SETTING.match(part):
        part = part[setting.end() :]
    return part if OURS.match(part) else ""


def _exists(word: str) -> bool:
    return (ROOT / word.split("::")[0]).exists()


def _faults_of_program(program: str, *, alone: bool) -> Iterator[str]:
    path = ROOT / program
    if program.startswith(".venv/bin/"):
        path = Path(sys.executable).with_name(Path(program).name)
    elif "/" not in program:
        return
    if not path.exists():
        yield f"{program} does not exist"
    elif not (alone and program.startswith("scripts/deploy/")) and not os.access(path, os.X_OK):  # files to be copied
        yield f"{program} is not executable"


def _faults_of_click(command: click.Command, arguments: list[str]) -> Iterator[str]:
    """Ask click's own parser, which neither prompts nor runs anything."""
    context = click.Context(command)
    if isinstance(command, click.Group):
        found = command.get_command(context, arguments[0]) if arguments else None
        if found is None:
            yield f"{command.name} has no {arguments[:1]}"
        else:
            yield from _faults_of_click(found, arguments[1:])
        return
    try:
        values, left, _ = command.make_parser(context).parse_args(list(arguments))
        for parameter in command.params:
            value = values.get(parameter.name)
            if isinstance(value, str) and not PLACEHOLDER.fullmatch(value):
                parameter.type_cast_value(context, value)
    except click.UsageError as problem:
        yield problem.format_message()
        return
    if left:
        yield f"{command.name} takes no {left}"
    if command is main.commands["run-job"]:
        known = {job.name for job in JOBS}
        yield from (f"no job is called {word}" for word in arguments if word[0].islower() and word not in known)


def _faults_of_flask(arguments: list[str]) -> Iterator[str]:
    if arguments[:1] != ["--app"] or ":" not in "".join(arguments[1:2]):
        yield "the application is not named"
        return
    module, _, attribute = arguments[1].partition(":")
    try:
        if not hasattr(importlib.import_module(module), attribute):
            yield f"{module} has no {attribute}"
    except ImportError as problem:
        yield str(problem)
    if arguments[2:3] == ["db"]:
        yield from _faults_of_click(migrating, arguments[3:])


COMMANDS = [(name(page), command) for page in PAGES for command in shown_in(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_shown_in_a_document_exists(page: str, command: str) -> None:
    assert not list(faults(command)), page


def test_the_documents_are_read() -> None:
    commands = {command for _, command in COMMANDS}
    for beginning in (
        "scripts/run",
        "scripts/test ",
        ".ci/run",
        "queue-app serve",
        ".venv/bin/queue-app",
        "queue-app api-key",
    ):
        assert any(command.startswith(beginning) for command in commands), beginning
    assert any("flask --app" in command for command in commands)


def test_commands_are_found_wherever_they_stand() -> None:
    text = (
        "Run `A=1 scripts/one` or\n\n```sh\nB=$(mktemp -d) queue-app two \\\n  --three  # why\nls\n```\n\n"
        "    .ci/run four\n\n| `queue-app five` | `scripts/six && scripts/seven` |\n"
    )
    found = [shlex.split(command, comments=True) for command in shown_in(text)]
    assert found == [
        ["queue-app", "two", "--three"],
        [".ci/run", "four"],
        ["scripts/one"],
        ["queue-app", "five"],
        ["scripts/six"],
        ["scripts/seven"],
    ]


@pytest.mark.parametrize(
    "made_up",
    [
        "scripts/fly",
        "scripts/environment",  # is sourced, and not executable
        "scripts/deploy/apache.conf",
        "scripts/test tests/no_such_folder -x",
        ".venv/bin/no-such-program",
        ".venv/bin/python scripts/fly",
        "queue-app fly",
        "queue-app serve --quickly",
        "queue-app serve now",
        "queue-app api-key forge",
        "queue-app api-key create --name N --scope S [--most PER_MINUTE]",
        "queue-app api-key create --name N --scope S --limit none",
        "queue-app create-staff --role king",
        "queue-app run-job reset-quotas",
        "flask --app queue_app.cli:no_such_function db revision",
        "flask --app queue_app.no_such_module:main db revision",
        "flask --app queue_app.cli:create_app_with_migrations db revise",
        "flask --app queue_app.cli:create_app_with_migrations db revision --by-magic",
        "flask db migrate",  # which application?
    ],
)
def test_a_made_up_command_is_found_out(made_up: str) -> None:
    assert list(faults(made_up))
