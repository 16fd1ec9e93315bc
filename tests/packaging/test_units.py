"""The shipped systemd units, read by systemd itself."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.harness.source import ROOT

UNITS = sorted((ROOT / "scripts" / "deploy").glob("*.service"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_line(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/queue-app/bin/queue-app", "/bin/true"))
    checked = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert unit.name not in checked.stderr
