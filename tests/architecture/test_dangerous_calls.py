"""Nothing that was typed is ever run: as code, as a template, as a command, as SQL, or as markup by a script."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.source import ROOT, dotted, is_foreign, modules, name, tree

NEVER = {"eval", "exec", "compile", "os.system", "os.popen", "render_template_string", "Template", "Environment"}
NEVER_LOADED = {"marshal", "pickle", "shelve", "xml.sax", "yaml"}
# SQL of pieces that are ours: names of tables and sequences, numbers of seconds. Whatever comes from outside is bound.
OF_OWN_PIECES = {
    *("queue_app/cli/restore.py", "queue_app/cli/scratch.py", "queue_app/db.py", "queue_app/sqlite_engine.py"),
    *("queue_app/cli/doctor/database.py", "queue_app/cli/doctor/work.py", "queue_app/migrating.py"),
    "queue_app/services/records/restoration.py",
}
STARTS_PROGRAMS = {"Popen", "call", "check_call", "check_output", "run"}
SCRIPT = re.compile(r"\beval\(|new Function\(|document\.write|insertAdjacentHTML|outerHTML\s*=|(?<!\w)srcdoc")
MARKUP = re.compile(r"\.innerHTML\s*=")
# Pieces of pages that the server has made and escaped, put in their place whole.
MADE_BY_THE_SERVER = {f"static/js/{page}.js" for page in ("arrivals", "assist", "figures", "scan")}


def dangers(code: ast.AST) -> Iterator[str]:
    """What of it could run something, as it is called."""
    for node in ast.walk(code):
        if isinstance(node, ast.Import | ast.ImportFrom):
            loaded = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (one for one in loaded if one in NEVER_LOADED)
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in NEVER:
                yield called
            if called.rpartition(".")[2] in STARTS_PROGRAMS:
                yield from (one.arg for one in node.keywords if one.arg == "shell")


def builds_sql(code: ast.AST) -> bool:
    """Whether a statement is put together of pieces instead of bound to values."""
    return any(
        isinstance(node, ast.Call)
        and (dotted(node.func) == "text" or dotted(node.func).endswith(".exec_driver_sql"))
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
        for node in ast.walk(code)
    )


def scripts() -> list[Path]:
    return [path for path in sorted((ROOT / "static").rglob("*.js")) if not is_foreign(path)]


def test_nothing_is_run_that_could_have_been_typed() -> None:
    assert {name(path): found for path in modules() if (found := list(dangers(tree(path))))} == {}


def test_sql_is_built_of_own_pieces_in_few_places() -> None:
    building = {name(path) for path in modules() if builds_sql(tree(path))}
    assert {path for path in building if not path.startswith("queue_app/migrations/")} == OF_OWN_PIECES


def test_scripts_run_no_text_and_write_only_what_the_server_made() -> None:
    texts = {name(path): path.read_text(encoding="utf-8") for path in scripts()}
    assert len(texts) > 20
    assert [path for path, text in texts.items() if SCRIPT.search(text)] == []
    assert {path for path, text in texts.items() if MARKUP.search(text)} == MADE_BY_THE_SERVER


@pytest.mark.parametrize(
    "code",
    ["eval(x)", "import pickle", "from yaml import load", "run(x, shell=True)", "render_template_string(x)"],
)
def test_control_each_danger_is_seen(code: str) -> None:
    assert list(dangers(ast.parse(code)))


def test_control_a_statement_of_pieces_is_seen() -> None:
    assert builds_sql(ast.parse("session.execute(text(f'SELECT {x}'))"))
    assert builds_sql(ast.parse("connection.exec_driver_sql('SELECT ' + x)"))
    assert not builds_sql(ast.parse("session.execute(text('SELECT :x'), {'x': x})"))
