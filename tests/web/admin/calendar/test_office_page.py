"""The administrator's page of the office, and what citizens read of it."""

import re
from html import escape

import pytest
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Office
from tests.harness.office import Visitor, World, refusals

PATH = "/admin/kantor"


def values(**changes: str) -> dict[str, object]:
    return {
        "name": "Dispendukcapil Sragen",
        "address": "Jl. Raya Sukowati",
        "map_url": "",
        "opening_hours_id": "Senin–Kamis 08.00–15.00",
        "opening_hours_en": "Monday to Thursday 08:00–15:00",
        "phone": "(0271) 890 900",
        "whatsapp": "0812 3456 7890",
        "email": "kantor@contoh.id",
        "complaint_url": "https://www.lapor.go.id",
        "reason": "Nomor baru",
        **changes,
    }


def test_the_hours_of_the_schedules_stand_beside_the_words(administrator: Visitor, world: World) -> None:
    """Words are an office's own; whoever types them sees what can be booked."""
    for path in (PATH, "/admin/persiapan/kantor"):
        page = administrator.get(path).text
        assert "Menurut jadwal layanan:" in page
        assert "<li>Senin–Jumat 08.00–14.00 (istirahat 10.00–13.00)" in page


SCHEDULED = ("Senin–Jumat 08.00–14.00 (istirahat 10.00–13.00)", "Monday to Friday 08:00–14:00 (break 10:00–13:00)")


@pytest.mark.parametrize("path", [PATH, "/admin/persiapan/kantor"])
def test_one_press_takes_the_hours_of_the_schedules_over_and_keeps_what_was_typed(
    administrator: Visitor, world: World, path: str
) -> None:
    before = world.here.opening_hours_id
    answer = administrator.post(path, values(step="hours", phone="(0271) 111", email="belum"))
    assert (answer.status_code, refusals(answer)) == (200, [])
    for text in (*SCHEDULED, "(0271) 111", "belum", "Jl. Raya Sukowati"):
        assert text in re.sub(r"<li>.*?</li>", "", answer.text), text
    assert world.afresh().get_one(Office, world.here.id).opening_hours_id == before
    first = re.search(r"<main.*?<form.*?<button ([^>]*)>", answer.text, re.S)
    assert first
    assert "name=" not in first[1], "the Enter key saves"


def test_the_set_up_says_when_the_words_and_the_schedules_differ(administrator: Visitor, world: World) -> None:
    said = "Jam buka yang tertulis berbeda dari jadwal layanan."
    assert said not in administrator.get("/admin/persiapan").text  # nothing is written
    administrator.post(PATH, values())
    assert said in administrator.get("/admin/persiapan").text
    administrator.post(PATH, values(opening_hours_id=SCHEDULED[0], opening_hours_en=SCHEDULED[1]))
    assert said not in administrator.get("/admin/persiapan").text


def test_the_stored_map_can_be_looked_at(administrator: Visitor, world: World) -> None:
    for path in (PATH, "/admin/persiapan/kantor"):
        assert (
            f'href="{escape(world.here.map_url or "")}"'
            in administrator.get(path).text.split("<main")[1].split("</form>")[0]
        )
    assert "Tautan peta belum diisi." not in administrator.get("/admin/persiapan").text
    administrator.post(PATH, values())
    assert "Tautan peta belum diisi." in administrator.get("/admin/persiapan").text
    typed = administrator.post(PATH, values(step="hours", map_url="javascript:alert(1)")).text
    assert 'href="javascript' not in typed


def test_what_is_saved_stands_on_the_pages_of_citizens_at_once(
    administrator: Visitor, world: World, visitor: Visitor
) -> None:
    page = f"/{world.here.slug}"
    assert "(0271) 890 900" not in visitor.get(page).text
    assert administrator.post(PATH, values()).status_code == 303
    assert 'value="+6281234567890"' in administrator.get(PATH).text
    for path in (page, "/kontak"):
        shown = visitor.get(path).text
        assert 'href="tel:+62271890900">(0271) 890 900</a>' in shown, path
        assert 'href="https://wa.me/6281234567890"' in shown, path
        assert "0812 3456 7890" in shown, path
        assert 'href="mailto:kantor@contoh.id"' in shown, path
        assert "SP4N-LAPOR! (lapor.go.id)" in shown, path
        assert "Senin–Kamis 08.00–15.00" in shown, path
    assert "Monday to Thursday 08:00–15:00" in visitor.get(f"{page}?lang=en").text
    entry = world.afresh().scalars(select(AuditEntry).where(AuditEntry.action == "office.updated")).one()
    assert entry.reason == "Nomor baru"
    assert "Data kantor diubah" in administrator.get("/admin/jejak?lang=id").text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"phone": "tanya satpam"}, "phone"),
        ({"whatsapp": "123"}, "whatsapp"),
        ({"email": "kantor"}, "email"),
        ({"complaint_url": "javascript:alert(1)"}, "complaint_url"),
        ({"map_url": "http://peta.example"}, "map_url"),
        ({"reason": ""}, "reason"),
        ({"reason": "nomor 081234567890"}, "reason"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    administrator: Visitor, world: World, change: dict[str, str], field: str
) -> None:
    answer = administrator.post(PATH, values(**change))
    assert answer.status_code == 422
    assert refusals(answer)
    assert f'href="#{field}"' in answer.text
    assert world.afresh().get_one(Office, world.here.id).whatsapp is None


def test_each_administrator_edits_the_own_office(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there))
    assert visitor.post(PATH, values(name="Kantor sana")).status_code == 303
    names = [office.name for office in world.afresh().scalars(select(Office).order_by(Office.id))]
    assert names.count("Kantor sana") == 1
    assert world.afresh().get_one(Office, world.there.id).name == "Kantor sana"
