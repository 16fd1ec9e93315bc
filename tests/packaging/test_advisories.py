"""Known advisories fail the check, and a source that could not be asked is never taken for a clean bill of health."""

import json
import sys
from datetime import date
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest

from tests.harness.source import ROOT

TODAY = date(2026, 11, 23)
HIT = {"name": "flask", "version": "3.1.3", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": []}]}
CLEAN = {"name": "click", "version": "8.5.1", "vulns": []}
UNKNOWN = {"name": "uvloop", "skip_reason": "Dependency not found on PyPI and could not be audited: uvloop (0.23.0)"}


@pytest.fixture(scope="module")
def advisories() -> ModuleType:
    loader = SourceFileLoader("advisories", str(ROOT / "scripts" / "advisories"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module  # its dataclasses look themselves up there
    loader.exec_module(module)
    return module


def accepted(advisories: ModuleType, until: str) -> list:
    return advisories.read_accepted(f"[advisories]\naccepted =\n    CVE-1 {until} only with a debugger switched on\n")


def test_a_known_advisory_is_a_failure(advisories: ModuleType) -> None:
    lines, failed = advisories.judge({"dependencies": [HIT, CLEAN]}, [], TODAY)
    assert failed
    assert "flask 3.1.3: CVE-1, PYSEC-1; not mended yet" in lines[0]


def test_an_accepted_one_is_named_with_its_reason_until_its_day(advisories: ModuleType) -> None:
    report = {"dependencies": [HIT, CLEAN]}
    lines, failed = advisories.judge(report, accepted(advisories, "2026-11-23"), TODAY)
    assert not failed
    assert "accepted until 2026-11-23: only with a debugger switched on" in lines[0]
    lines, failed = advisories.judge(report, accepted(advisories, "2026-11-22"), TODAY)
    assert failed
    assert "a day that is over" in lines[0]


def test_a_mirror_without_advisories_is_no_clean_bill_of_health(advisories: ModuleType) -> None:
    """pip-audit itself ends with 0 and "No known vulnerabilities found" there."""
    lines, failed = advisories.judge({"dependencies": [UNKNOWN, UNKNOWN]}, [], TODAY)
    assert not failed
    assert "NOT CHECKED" in lines[0]
    lines, failed = advisories.judge({"dependencies": [UNKNOWN, CLEAN]}, [], TODAY)
    assert not failed
    assert lines == [
        "Advisories: NOT CHECKED, unknown to the source: uvloop.",
        "Advisories: 1 of 2 packages checked, 0 to be mended.",
    ]


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import time; time.sleep(600)", "no answer within 0.5 seconds"),
        ("import sys; sys.exit('Traceback\\nProxyError: refused')", "ProxyError: refused"),
        ("import sys; sys.exit(3)", "pip-audit ended with 3"),
    ],
)
def test_without_an_answer_it_says_so_in_time(advisories: ModuleType, program: str, said: str) -> None:
    answer = advisories.ask([sys.executable, "-c", program], 0.5 if "sleep" in program else 60)
    lines, failed = advisories.judge(answer, [], TODAY)
    assert not failed
    assert lines == [f"Advisories: NOT CHECKED, the source could not be asked ({said})."]


def test_an_answer_is_read_whatever_the_exit_code(advisories: ModuleType) -> None:
    report = {"dependencies": [HIT]}
    program = f"import sys; print({json.dumps(report)!r}); sys.exit(1)"
    assert advisories.ask([sys.executable, "-c", program], 60) == report


def test_what_is_accepted_has_an_id_a_day_and_a_reason(advisories: ModuleType) -> None:
    assert advisories.read_accepted((ROOT / "setup.cfg").read_text(encoding="utf-8")) == []
    for wrong in ("CVE-1 2026-11-23", "CVE-1 tomorrow because"):
        with pytest.raises(ValueError):
            advisories.read_accepted(f"[advisories]\naccepted =\n    {wrong}\n")


def test_the_check_runs_it() -> None:
    assert "scripts/advisories" in (ROOT / "scripts" / "check").read_text(encoding="utf-8")
