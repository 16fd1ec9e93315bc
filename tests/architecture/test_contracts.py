"""Who may import whom, as written in setup.cfg."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.harness.source import PACKAGE, ROOT, dotted, imported, modules, name, tree

FLUSH_ONLY = ("domain", "models", "queries", "services", "adapters")


def test_the_import_contracts_hold() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


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
    """A use case that commits cannot be part of a larger one, and half of it would stay after a failure."""
    offences = [
        f"{name(path)}:{node.lineno}"
        for layer in FLUSH_ONLY
        for path in modules(PACKAGE / layer)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and dotted(node.func).split(".")[-2:] in (["session", "commit"], ["session", "rollback"])
    ]
    assert not offences
