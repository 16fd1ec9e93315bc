"""A database file as a thief reads it: numbers in the clear are found wherever they lie, and told where."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_app.adapters import raw_file

NIK, MOBILE = "3314991703050001", "+6281234567890"


@pytest.mark.parametrize("before", range(20, 70, 3))
def test_a_number_is_found_where_it_lies_also_at_a_seam(
    before: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw_file, "CHUNK", 50)
    file = tmp_path / "antrean.db"
    file.write_bytes(b"\x00\xff" * before + NIK.encode() + b"\xff" * 61 + MOBILE.encode() + b"\x00" * 40)
    assert set(raw_file.personal_numbers_in(file)) >= {(NIK, 2 * before), (MOBILE, 2 * before + len(NIK) + 61)}


def test_what_is_sealed_holds_none(tmp_path: Path) -> None:
    file = tmp_path / "antrean.db"
    file.write_bytes(bytes(range(256)) * 4 + b"2026-12-012026-12-01 04:00:00.000000A")
    assert not list(raw_file.personal_numbers_in(file))
