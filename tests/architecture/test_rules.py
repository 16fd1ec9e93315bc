"""Rules of the office that are cited by name stand in docs/rules.md, once."""

import re
from collections import Counter

from tests.harness.source import ROOT, name, texts

RULES = ROOT / "docs" / "rules.md"
DEFINED = re.compile(r"^\| \*\*(R-[A-Z]+-\d+)\*\* \|", re.MULTILINE)
CITED = re.compile(r"\bR-[A-Z]+-\d+\b")


def test_each_rule_has_one_name() -> None:
    names = Counter(_defined())
    assert len(names) > 30, "the tables of the rules are not read"
    assert not [rule for rule, times in names.items() if times > 1]


def test_each_rule_that_is_cited_exists() -> None:
    known = set(_defined())
    strangers = {
        f"{name(path)}: {rule}"
        for path in texts()
        for rule in CITED.findall(path.read_text(encoding="utf-8"))
        if rule not in known
    }
    assert not strangers


def _defined() -> list[str]:
    return DEFINED.findall(RULES.read_text(encoding="utf-8"))
