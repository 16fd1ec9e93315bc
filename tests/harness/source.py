"""The project's files, for tests that hold rules over the whole codebase."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "queue_app"
# Written by tools or by others, kept as they are.
NOT_OURS = ("static/vendor/", "tests/vendor/", "queue_app/migrations/versions/")
TEXT = {".py", ".html", ".txt", ".css", ".js", ".cfg", ".toml", ".po", ".md", ".svg", ""}


def modules(folder: Path = PACKAGE) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if not is_foreign(path)]


def is_foreign(path: Path) -> bool:
    return name(path).startswith(NOT_OURS)


def name(path: Path) -> str:
    """The path from the top of the tree, with slashes: "queue_app/domain/clock.py"."""
    return path.relative_to(ROOT).as_posix()


def texts() -> Iterator[Path]:
    """Every text file that people of the project write."""
    for top in ("queue_app", "templates", "static", "scripts", "tests", ".ci", "docs"):
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts and not is_foreign(path):
                yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(node: ast.AST) -> str:
    """The dotted name of an expression, "datetime.now" or "db.session.commit"; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else node.attr
    return ""


def imported(path: Path) -> set[str]:
    """The absolute names of the modules that the file imports; relative ones are resolved."""
    found: set[str] = set()
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) + "." if node.level else ""
            found.add((base + (node.module or "")).rstrip("."))
    return found
