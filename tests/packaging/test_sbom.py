"""sbom.cdx.json is a valid CycloneDX document, tells of what the locks pin, and of no licence that is in our way."""

import hashlib
import json
import re
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.harness.source import ROOT

TEXT = (ROOT / "sbom.cdx.json").read_text(encoding="utf-8")
SBOM = json.loads(TEXT)
# Beside the MIT licence: what asks for notices, for its own changed files (MPL), and that a library can be exchanged.
# Nothing that would ask the same of this program (GPL, AGPL) and nothing without a licence.
FITTING = {
    *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Unlicense"),
    *("LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-2.0"),
}
AGAIN = "run .venv/bin/python scripts/sbom"


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    loader = SourceFileLoader("sbom", str(ROOT / "scripts" / "sbom"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module  # its dataclass looks itself up there
    loader.exec_module(module)
    return module


def licences() -> dict[str, str]:
    found = {}
    for component in SBOM["components"]:
        (one,) = component["licenses"]
        found[component["name"]] = one.get("expression") or one["license"]["id"]
    return found


def test_it_is_valid() -> None:
    assert SBOM["specVersion"] == "1.6"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(TEXT) is None


def test_control_the_schema_would_complain() -> None:
    wrong = {**SBOM, "components": [{"name": "flask"}]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(wrong)) is not None


def test_it_holds_what_the_lock_pins(sbom: ModuleType) -> None:
    pinned = {(pin.name, pin.version) for pin in sbom.pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))}
    told = {(one["name"], one["version"]) for one in SBOM["components"] if one["purl"].startswith("pkg:pypi/")}
    assert told == pinned, AGAIN
    assert {"flask", "psycopg", "uvloop"} <= {name for name, _version in pinned}
    assert "colorama" not in dict(pinned), "for Windows alone"


def test_it_holds_what_browsers_are_given_and_not_what_tests_use() -> None:
    told = {one["name"]: one["components"] for one in SBOM["components"] if one["purl"].startswith("pkg:npm/")}
    assert set(told) == {"govuk-frontend", "zxing-wasm"}
    for file in (file for files in told.values() for file in files):
        assert file["hashes"] == [
            {"alg": "SHA-256", "content": hashlib.sha256((ROOT / file["name"]).read_bytes()).hexdigest()}
        ]


def test_it_was_made_of_these_very_locks(sbom: ModuleType) -> None:
    assert sbom.made(licences()) == TEXT, AGAIN


def test_who_needs_what_is_told(sbom: ModuleType) -> None:
    needs = {one["ref"].partition("@")[0]: one.get("dependsOn", []) for one in SBOM["dependencies"]}
    assert any(one.startswith("pkg:pypi/werkzeug@") for one in needs["pkg:pypi/flask"])
    assert any(one.startswith("pkg:pypi/flask@") for one in needs["queue-app"])
    assert not any(one.startswith("pkg:pypi/markupsafe@") for one in needs["queue-app"]), "that is Jinja's"
    needed = {one for below in needs.values() for one in below}
    assert {one["bom-ref"] for one in SBOM["components"]} == needed


def test_no_licence_is_in_the_way_of_ours() -> None:
    unfit = {name: licence for name, licence in licences().items() if set(re.split(r" (?:AND|OR) ", licence)) - FITTING}
    assert unfit == {}


def test_nothing_tells_where_packages_were_fetched() -> None:
    assert re.findall(r'"[^"]*://[^"]*"', TEXT) == ['"http://cyclonedx.org/schema/bom-1.6.schema.json"']
