"""Who may import whom, as written in setup.cfg."""

import ast
import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.source import PACKAGE, ROOT, dotted, imported, modules, name, tree

LAYERS_IN_PROSE = re.compile(r"\w+(?:\s*[>|]\s*\w+)*\s*>\s*models\s*>\s*domain\b")
FLUSH_ONLY = ("domain", "models", "queries", "services", "adapters")


def test_the_import_contracts_hold() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_layers_are_told_once_and_as_they_are() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    contract = setup["importlinter:contract:layers"]["layers"].split("\n")
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    told = [(name(page), found) for page in pages for found in LAYERS_IN_PROSE.findall(page.read_text("utf-8"))]
    assert [page for page, _ in told] == ["docs/developers.md"]
    assert [" ".join(layer.split()) for layer in told[0][1].split(">")] == [layer for layer in contract if layer]


def test_the_domain_needs_only_the_standard_library_and_stdnum() -> None:
    allowed = sys.stdlib_module_names | {"stdnum"}
    strangers = {
        f"{name(path)} imports {module}"
        for path in modules(PACKAGE / "domain")
        for module in imported(path)
        if module.split(".")[0] not in allowed and not module.startswith("queue_app.domain")
    }
    assert not strangers


def test_only_the_entry_points_end_a_transaction() -> None:
    """A use case that commits cannot be part of a larger one, and half of it would stay after a failure.

    Claims are a transaction by themselves; a backup reads by a connection of its own.
    """
    ending = {
        f"{name(path)}:{function}"
        for layer in FLUSH_ONLY
        for path in modules(PACKAGE / layer)
        for function in ends_a_transaction(tree(path))
    }
    allowed = {"services/booking/driver.py:under_writer_lock", "adapters/backup/sqlite.py:copy_database"}
    assert ending == {f"queue_app/{function}" for function in allowed}


@pytest.mark.parametrize(
    "line",
    [
        "session.commit()",
        "unit.rollback()",
        "execute(connection, 'COMMIT')",
        "connection.exec_driver_sql('ROLLBACK')",
        "session.execute(text('commit'))",
        "execute(connection, 'BEGIN IMMEDIATE')",
        "with engine.begin(): pass",
    ],
)
def test_each_way_to_end_a_transaction_is_seen(line: str) -> None:
    assert ends_a_transaction(ast.parse(f"def use_case():\n    {line}")) == ["use_case"]


def test_a_part_of_a_transaction_is_no_end() -> None:
    assert not ends_a_transaction(ast.parse("def use_case():\n    with connection.begin_nested(): session.flush()"))


def ends_a_transaction(module: ast.Module) -> list[str]:
    """The functions that begin or end one, by SQLAlchemy or by words to the driver."""
    return [
        function.name
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef) and any(_ends(node) for node in ast.walk(function))
    ]


def _ends(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return dotted(node.func).rpartition(".")[2] in {"commit", "rollback", "begin"} and "." in dotted(node.func)
    words = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return re.fullmatch(r"\s*(BEGIN( IMMEDIATE)?|COMMIT|ROLLBACK|END)\s*", words, re.IGNORECASE) is not None
