"""A set-up as a file: written and read again, and every slip of the pen named with its place."""

from dataclasses import replace
from datetime import date, time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from queue_app.adapters.logo import draw_logo
from queue_app.adapters.setup_file import SetupFileInvalid, read_setup, write_setup
from queue_app.domain.calendar import Share, Window
from queue_app.domain.reminders import MessageKind
from queue_app.domain.setup import DayHours
from queue_app.domain.setup_plan import HolidayPlan, MessagePlan, OfficePlan, ServicePlan, SetupPlan, SitePlan

HERE = Path(__file__).parent
PLAN = SetupPlan(
    (
        OfficePlan(
            "Disdukcapil Kota Jayapura",
            "Asia/Jayapura",
            "Kota Jayapura",
            "91.71",
            "jayapura",
            {"address": 'Jl. "Balai Kota"', "phone": "(0967) 123 456"},
            (DayHours(0, time(8), time(15), time(12), time(13)), DayHours(4, time(8), time(11))),
            30,
            (
                ServicePlan("KTP_REKAM", 50),
                ServicePlan("IKD", 0, "Z", (Window(2, time(9), time(10), Share.PRIORITY, 7),), {"who_id": "a\nb"}),
                ServicePlan("KELILING", 5, names={"name_id": "Keliling", "name_en": "Mobile"}),
            ),
            4,
            (MessagePlan(MessageKind.CONFIRMATION, "id", "Tiket {nomor}", "{kode}\n{hari}"),),
            (HolidayPlan(date(2027, 3, 7), "Hari jadi kota", "City day"), HolidayPlan(date(2027, 8, 1), "Kirab")),
        ),
    ),
    SitePlan("Antrean", "", "#0f4c5c"),
)


def test_what_was_written_is_read_again() -> None:
    assert read_setup(write_setup(PLAN, "logo.png"), HERE) == PLAN


def test_the_logo_is_a_picture_beside_the_file(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGB", (200, 100), "#7a1f5c").save(file, "PNG")
    logo = draw_logo(file.getvalue())
    (tmp_path / "kota.png").write_bytes(logo.picture)
    plan = replace(PLAN, site=SitePlan("Antrean", "", "#0f4c5c", logo))
    text = write_setup(plan, "kota.png")
    again = read_setup(text, tmp_path).site
    assert again is not None
    assert again.logo is not None
    assert (again.logo.width, again.logo.height) == (logo.width, logo.height)
    for content in (b"<svg/>", b"\x89PNG" + b"0" * 70_000):
        (tmp_path / "kota.png").write_bytes(content)
        with pytest.raises(SetupFileInvalid, match=r"^site: .*kota\.png must be a PNG, JPEG or WebP"):
            read_setup(text, tmp_path)
    (tmp_path / "kota.png").unlink()
    for name in ("kota.png", ".", "a\\u0000b"):
        with pytest.raises(SetupFileInvalid, match=r"^site: the logo cannot be read"):
            read_setup(text.replace("kota.png", name), tmp_path)


SHORTEST = '[[office]]\nname = "A"\ntime_zone = "Asia/Jayapura"\n'


def test_little_is_needed() -> None:
    (office,) = read_setup(SHORTEST, HERE).offices
    assert office == OfficePlan("A", "Asia/Jayapura")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("office = ", "This is no TOML"),
        ("", "the file: it names no [[office]]."),
        ('[office]\nname = "A"', "the file: office must be tables, [[office]]."),
        ('[[office]]\nname = "A"', "office 1: time_zone must be a text."),
        (SHORTEST + 'colour = "red"', "office 1: colour is not known here."),
        (SHORTEST + 'counters = "four"', "office 1: counters must be a whole number."),
        (SHORTEST + "counters = true", "office 1: counters must be a whole number."),
        (SHORTEST + "hours = 3", "office 1: hours must be a table, [hours]."),
        (SHORTEST + '[[office.message]]\nkind = "breach"\nlanguage = "id"', 'office 1, message 1: no message "breach"'),
        (SHORTEST + '[office.hours]\nmonday = "08:00"', "office 1, hours: monday must be a list of texts."),
        (SHORTEST + '[office.hours]\nmonday = ["08:00"]', "office 1, hours: monday must have two times, or four"),
        (SHORTEST + '[office.hours]\nmonday = ["8", "15"]', 'office 1, hours: monday has "8", which is no time'),
        (SHORTEST + '[office.hours]\nsenin = ["08:00", "15:00"]', "office 1, hours: senin is not known here."),
        (SHORTEST + "[[office.service]]\nquota = 3", "office 1, service 1: code must be a text."),
        (SHORTEST + '[[office.service]]\ncode = "IKD"\nwindows = ["monday 8"]', 'office 1, service 1: "monday 8" is'),
        (
            SHORTEST + '[[office.holiday]]\ndate = "2027-03-07"\nname_id = "A"',
            "office 1, holiday 1: date must be a date",
        ),
        (SHORTEST + "[[office.holiday]]\ndate = 2027-03-07T08:00:00", "office 1, holiday 1: date must be a date like"),
        (SHORTEST + "[[office.holiday]]\ndate = 2027-03-07", "office 1, holiday 1: name_id must be a text."),
        (SHORTEST + '[site]\ntitle = "A"', "site: brand_colour must be a text."),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_place(text: str, said: str) -> None:
    with pytest.raises(SetupFileInvalid) as refused:
        read_setup(text, HERE)
    assert str(refused.value).startswith(said)
