"""What `scripts/bench` says of growing: a line for each thing, its ratio, and a picture that says the same."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.benchmarks.databases import Databases, Sqlite, postgresql
from scripts.benchmarks.filling import content
from scripts.benchmarks.growth import Curve, growth
from scripts.benchmarks.plot import as_svg

SVG = "{http://www.w3.org/2000/svg}"
SMALL, LARGER = 9_000, 20_000


@pytest.mark.slow
def test_each_thing_is_measured_at_each_size_on_sqlite(tmp_path: Path) -> None:
    grown(Sqlite(tmp_path), tmp_path)


@pytest.mark.slow
@pytest.mark.postgresql
def test_each_thing_is_measured_at_each_size_on_postgresql(tmp_path: Path) -> None:
    with postgresql(tmp_path) as server:
        grown(server, tmp_path)


def grown(databases: Databases, folder: Path) -> None:
    curves: list[Curve] = []
    lines = list(growth(databases, folder, [SMALL, LARGER], curves))
    assert {curve.what for curve in curves} >= {"one booking", "one scan at the desk", "closing a day of 300"}
    assert all(set(curve.points) == {SMALL, LARGER} and min(curve.points.values()) > 0 for curve in curves)
    assert len(lines) == 3 * len(curves)
    assert not list(folder.glob("size-*")), "they are large"


def test_what_a_filled_database_holds_is_of_a_busy_office() -> None:
    full = content(5_000_000, datetime(2026, 11, 23, tzinfo=UTC).date())
    assert full.offices == 40
    assert full.of_the_past + 31 * 40 * 300 >= full.bookings
    assert 0 < full.emptied < full.of_the_past
    assert content(10_000, full.today).emptied == 0


def test_the_picture_names_every_line_and_its_ends() -> None:
    curves = [
        Curve("sqlite", "one <scan>", {10_000: 0.5, 5_000_000: 0.75}),
        Curve("postgresql", "one <scan>", {10_000: 1.0, 5_000_000: 1.6}),
    ]
    picture = ElementTree.fromstring(as_svg(curves))
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"sqlite", "postgresql", "10,000", "5,000,000"} <= set(texts)
    assert texts.count("one <scan>") == 2
    description = picture.find(f"{SVG}desc")
    assert description is not None
    assert "0.5 ms at 10,000 bookings, 0.75 ms at 5,000,000" in (description.text or "")
    assert [curve.ratio for curve in curves] == [1.5, 1.6]
    assert round(curves[0].logarithm, 2) == 1.67
