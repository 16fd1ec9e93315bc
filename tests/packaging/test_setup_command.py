"""`queue-app setup`: offices from a file, all or none, and a file of the offices."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from queue_app.cli import main

Run = Callable[..., tuple[int, str]]
FILE = """
[site]
title = "Antrean Dukcapil"
subtitle = "Kota Jayapura"
brand_colour = "#0f4c5c"

[[office]]
name = "Disdukcapil Kota Jayapura"
slug = "jayapura"
time_zone = "Asia/Jayapura"
counters = 2

[office.hours]
monday = ["08:00", "12:00", "13:00", "15:00"]
friday = ["08:00", "11:00"]

[[office.service]]
code = "KTP_REKAM"
quota = 50
"""


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("QUEUE_APP_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("QUEUE_APP_BACKUP", "no")
    monkeypatch.delenv("QUEUE_APP_DATABASE_URL", raising=False)

    def setup(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(main, ["setup", *words])
        return answer.exit_code, answer.output

    return setup


def test_an_office_from_a_file_and_a_file_from_the_office(setup: Run, tmp_path: Path) -> None:
    source, told = tmp_path / "jayapura.toml", tmp_path / "told.toml"
    source.write_text(FILE, encoding="utf-8")
    assert setup("--from", str(source)) == (0, "Made: Disdukcapil Kota Jayapura\n")
    code, said = setup("--from", str(source))
    assert (code, "office 1 (Disdukcapil Kota Jayapura): there is an office of this name or slug" in said) == (1, True)
    assert setup("--export", str(told))[0] == 0
    text = told.read_text(encoding="utf-8")
    assert 'time_zone = "Asia/Jayapura"' in text
    assert '"monday 08:00-09:00 9 public"' in text
    told.write_text(text.replace("jayapura", "abepura").replace("Kota Jayapura", "Abepura"), encoding="utf-8")
    assert setup("--from", str(told)) == (0, "Made: Disdukcapil Abepura\n")


def test_the_logo_goes_in_and_out_as_a_file_beside_it(setup: Run, tmp_path: Path) -> None:
    source, told = tmp_path / "jayapura.toml", tmp_path / "out" / "told.toml"
    told.parent.mkdir()
    Image.new("RGB", (200, 100), "#7a1f5c").save(tmp_path / "kota.png")
    source.write_text(FILE.replace("subtitle =", 'logo = "kota.png"\nsubtitle ='), encoding="utf-8")
    assert setup("--from", str(source))[0] == 0
    logo = told.with_name("told-logo.png")
    assert setup("--export", str(told)) == (0, f"Written: {told}\nWritten: {logo}\n")
    assert 'logo = "told-logo.png"' in told.read_text(encoding="utf-8")
    with Image.open(logo) as picture:
        assert (picture.format, picture.size) == ("PNG", (160, 80))
        assert picture.convert("RGBA").getpixel((10, 10)) == (0x7A, 0x1F, 0x5C, 255)
    (tmp_path / "kota.png").unlink()
    code, said = setup("--from", str(source))
    assert (code, "site: the logo cannot be read" in said) == (1, True)


def test_a_mistake_makes_nothing(setup: Run, tmp_path: Path) -> None:
    source = tmp_path / "wrong.toml"
    source.write_text(FILE.replace("KTP_REKAM", "SIM"), encoding="utf-8")
    code, said = setup("--from", str(source))
    assert code == 1
    assert "this service is not in the catalogue (SIM). Nothing was made." in said
    source.write_text(FILE.replace("counters = 2", "counter = 2"), encoding="utf-8")
    assert "office 1: counter is not known here." in setup("--from", str(source))[1]
    source.write_text(FILE, encoding="utf-8")
    assert setup("--from", str(source))[0] == 0


def test_it_wants_one_file(setup: Run, tmp_path: Path) -> None:
    for words in ((), ("--from", __file__, "--export", str(tmp_path / "x"))):
        code, said = setup(*words)
        assert (code, "Give either --from FILE or --export FILE." in said) == (2, True)
