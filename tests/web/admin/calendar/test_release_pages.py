"""The releases of a service on their page: rows that stay, rows that are wrong, rows that go."""

from typing import Any

import pytest
from sqlalchemy import select

from queue_app.models import ShareRelease
from tests.harness.office import Visitor, World, refusals

ROW = {"days_before": 1, "at": "12.00", "source": "assisted", "target": "public", "percent": 50}


def sent(*rows: dict[str, Any], reason: str = "Banyak sisa") -> dict[str, Any]:
    fields = {f"releases-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    return {**fields, "reason": reason}


def stored(world: World) -> list[tuple[Any, ...]]:
    rows = world.afresh().scalars(select(ShareRelease).order_by(ShareRelease.days_before.desc(), ShareRelease.at))
    return [(row.days_before, row.at.hour, str(row.source), str(row.target), row.percent) for row in rows]


@pytest.fixture
def path(world: World) -> str:
    return f"/admin/layanan/{world.offering.id}/pelepasan"


def test_rows_are_set_shown_changed_and_taken_away(administrator: Visitor, world: World, path: str) -> None:
    evening = {**ROW, "at": "18", "percent": ""}
    answer = administrator.post(path, sent(ROW, evening, {**ROW, "at": ""}))
    assert answer.status_code == 303
    assert stored(world) == [(1, 12, "assisted", "public", 50), (1, 18, "assisted", "public", 100)]
    page = administrator.get(path).text
    assert 'value="18.00"' in page
    assert page.count("Pukul, baris") == 5
    administrator.post(path, sent({**ROW, "percent": 75}))
    assert stored(world) == [(1, 12, "assisted", "public", 75)]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{**ROW, "target": "assisted"}], "Pilih dua jatah yang berbeda."),
        ([ROW, ROW], "Pelepasan ini sudah ada di baris lain."),
        ([{**ROW, "at": "25"}], "Tulis jam yang benar, misalnya 08.00."),
        ([{**ROW, "percent": 101}], "Tulis angka dari 1 sampai 100."),
        ([{**ROW, "days_before": 31}], "Tulis angka dari 0 sampai 30."),
        ([{**ROW, "source": "vip"}], "Pilih salah satu yang tersedia."),
    ],
)
def test_a_wrong_row_is_said_at_its_field_and_kept(
    administrator: Visitor, world: World, path: str, rows: list[dict[str, Any]], said: str
) -> None:
    answer = administrator.post(path, sent(*rows))
    assert (answer.status_code, refusals(answer)) == (422, [said])
    assert f'value="{rows[0]["at"]}"' in answer.text
    assert stored(world) == []


def test_a_reason_is_asked_for(administrator: Visitor, path: str) -> None:
    assert refusals(administrator.post(path, sent(ROW, reason=""))) == [
        "Tulis alasannya, supaya kelak jelas mengapa ini diubah."
    ]
