"""The browser code of others is what lock.json says, and nothing else."""

import hashlib
import json

from tests.harness.source import ROOT

LOCK = json.loads((ROOT / "static" / "vendor" / "lock.json").read_text(encoding="utf-8"))


def test_every_vendored_file_has_its_recorded_hash() -> None:
    wrong = [
        path
        for entry in LOCK
        for path, expected in entry["files"].items()
        if hashlib.sha256((ROOT / path).read_bytes()).hexdigest() != expected
    ]
    assert not wrong


def test_every_vendored_file_is_recorded() -> None:
    recorded = {path for entry in LOCK for path in entry["files"]}
    present = {
        path.relative_to(ROOT).as_posix()
        for folder in (ROOT / "static" / "vendor", ROOT / "tests" / "vendor")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "lock.json"
    }
    assert present == recorded


def test_every_package_brings_version_licence_and_its_text() -> None:
    for entry in LOCK:
        assert entry["name"]
        assert entry["version"]
        assert entry["licence"]
        assert [path for path in entry["files"] if "LICENSE" in path.upper()], entry["name"]
        assert "://" not in json.dumps(entry)
