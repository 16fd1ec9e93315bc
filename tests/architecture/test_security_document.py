"""docs/security.md is true as far as can be held: each test and module that it names is there, each id comes once."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from tests.harness.source import ROOT, tree

PAGE = ROOT / "docs" / "security.md"
TEXT = PAGE.read_text(encoding="utf-8")
THREATS, REST = TEXT.partition("## Threats")[2].split("## Log-in", 1)
ASVS = REST.partition("## OWASP ASVS 5.0")[2]
NAMED = re.compile(r"`(test_\w+)`")
MODULE = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.(?:py|js))`")
ID = re.compile(r"\bV\d+\.\d+\.\d+\b")
SECTION = re.compile(r"\bV\d+\.\d+\b(?!\.\d)")
STATES = {"met", "partly", "not met", "–"}

# OWASP ASVS 5.0.0: for each chapter its sections in their order, and of each section the levels of its requirements.
CHAPTERS = (
    "22 1111122223 112222222223 222 123",
    "122 112 12223 23",
    "3 113 12223 11222233 11122333 3 22333",
    "12233 23333 22 1222",
    "2 112333 113 222",
    "122 111111112222 11223333 112233 22222333 2223 33 2222",
    "222 1111 22 11222 223 22",
    "1233 1123 133 23",
    "111 1222",
    "22 223 22223 1111122222233333 22222 22 222",
    "2233 22233 11233 1222 23 23 33",
    "12233 11 22223",
    "2333 222223 2233 1222233",
    "22 12223333 122",
    "12233 12233 1222222 3333",
    "2 22222 2222 222 2223",
    "23 22223333 22",
)
LEVELS = {
    f"V{chapter}.{section}": levels
    for chapter, sections in enumerate(CHAPTERS, start=1)
    for section, levels in enumerate(sections.split(), start=1)
}
ASKED = {
    f"{section}.{number}"
    for section, levels in LEVELS.items()
    for number, level in enumerate(levels, start=1)
    if level in "12"
}


@cache
def names_of_tests() -> Counter[str]:
    """How often a test of that name is collected; those of classes are not named in the page."""
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return Counter(node.name for path in files for node in tree(path).body if isinstance(node, functions))


def rows(text: str) -> list[list[str]]:
    """The cells of each row of the tables in it, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0].strip("| ") not in {"Threat", "Id"}]


def wrong_names(text: str) -> set[str]:
    return {name for name in NAMED.findall(text) if names_of_tests()[name] != 1}


def test_each_test_that_it_names_is_there_and_is_one() -> None:
    assert wrong_names(TEXT) == set()
    assert len(set(NAMED.findall(TEXT))) > 150


def test_control_a_test_that_is_gone_is_found() -> None:
    assert wrong_names("`test_that_" + "nobody_wrote`") == {"test_that_" + "nobody_wrote"}


def test_each_module_that_it_names_is_there() -> None:
    named = set(MODULE.findall(TEXT))
    assert {one for one in named if not any((ROOT / top / one).exists() for top in ("", "queue_app"))} == set()
    assert len(named) > 40


def test_each_threat_names_a_module_and_a_test() -> None:
    threats = rows(THREATS)
    assert len(threats) > 40
    for threat, answer, where, shown in threats:
        assert answer
        assert MODULE.findall(where), threat
        assert NAMED.findall(shown), threat


def test_the_list_of_the_standard_has_its_known_size() -> None:
    levels = Counter("".join(LEVELS.values()))
    assert (levels["1"], levels["2"], levels["3"]) == (70, 183, 92)


def test_each_requirement_of_levels_one_and_two_is_answered_once() -> None:
    left_out = ASVS.partition("|")[0]
    sections = SECTION.findall(left_out)
    assert len(sections) == len(set(sections))
    assert set(sections) <= set(LEVELS)
    of_sections = {one for one in ASKED if one.rpartition(".")[0] in sections}
    answered = [row[0] for row in rows(ASVS)]
    assert [one for one, count in Counter(answered).items() if count > 1] == []
    assert set(answered) == ASKED - of_sections
    assert answered == sorted(answered, key=lambda one: [int(part) for part in one[1:].split(".")])


def test_what_is_met_is_shown_and_what_is_not_says_why() -> None:
    for number, asked, state, how, shown in rows(ASVS):
        assert asked, number
        assert state in STATES, number
        assert NAMED.findall(shown) if state == "met" else how, number


@pytest.mark.parametrize("state", ["partly", "not met"])
def test_what_is_not_met_is_collected_at_the_end(state: str) -> None:
    collected = set(ID.findall(TEXT.partition("### What is not met")[2]))
    assert {row[0] for row in rows(ASVS) if row[2] == state} <= collected
    assert collected <= {row[0] for row in rows(ASVS) if row[2] in {"partly", "not met"}}


def test_readers_are_led_to_it() -> None:
    for page in ("README.md", "docs/operators.md"):
        assert "security.md" in (ROOT / page).read_text(encoding="utf-8"), page
