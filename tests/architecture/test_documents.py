"""A path that a document or a comment names is there: when something moves, whoever speaks of it follows."""

import re

import pytest

from tests.harness.source import ROOT, name, texts

# In backticks, with a folder, as people write it: from the top of the tree or from the package.
PATH = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|js|html|css|cfg|md|txt|po))\b[^`]*`")
BEGINNINGS = ("", "queue_app", "tests", "docs")
FETCHED = ("tests/vendor", "static/vendor")
ANY_FEATURE = re.compile(r"\b[A-Z]{4,}\b")  # FEATURE stands for any of them


def missing_paths(text: str) -> set[str]:
    return {
        path
        for path in PATH.findall(text)
        if not path.startswith(FETCHED)
        and not ANY_FEATURE.search(path)
        and not any((ROOT / top / path).exists() for top in BEGINNINGS)
    }


def test_every_path_that_is_named_exists() -> None:
    files = [*texts(), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    assert {name(path): gone for path in files if (gone := missing_paths(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("said", ["see `services/" + "books.py`", "`queue_app/domain/" + "clocks.py: now`"])
def test_a_path_that_is_gone_is_found(said: str) -> None:
    assert missing_paths(said)


def test_what_is_there_is_not() -> None:
    assert not missing_paths(
        "`services/booking/book.py: book`, `web/api/FEATURE/json_shapes.py`, `docs/rules.md` R-NIK-1"
    )
