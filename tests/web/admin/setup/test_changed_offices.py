"""Zone, title, letters and hours of an office that stands, changed by its administrator."""

import re
from datetime import date, time

from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.domain.setup import DayHours, windows_of_week
from queue_app.models import Office, OfficeService, Site, Slot
from queue_app.services.calendar.schedule import NewSchedule, set_schedule
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World
from tests.web.citizen import text_of

ZONE = "Asia/Jayapura"


def test_the_zone_is_changed_after_a_look(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    world.book()
    looked = visitor.post("/admin/kantor/zona", {"zone": ZONE, "step": "preview"})
    assert looked.status_code == 200
    assert "Satu orang memegang tempat di sana." in looked.text
    assert "08.00 WIB" in looked.text
    assert "08.00 WIT" in looked.text
    confirm = {"zone": ZONE, "step": "confirm"}
    assert visitor.post("/admin/kantor/zona", {**confirm, "reason": ""}).status_code == 422
    assert visitor.post("/admin/kantor/zona", {**confirm, "reason": "Salah pilih"}).status_code == 303
    assert world.afresh().get_one(Office, world.here.id).time_zone == ZONE
    assert visitor.post("/admin/kantor/zona", {"zone": "Mars", "step": "preview"}).status_code == 422


def test_title_and_colour_are_there_at_once(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    before = re.search(r"/theme\.css\?v=\w+", visitor.get("/bantuan").text)
    sent = {"title": "Sapa Warga", "subtitle": "Kota Jayapura", "brand_colour": "#7a1f5c"}
    assert visitor.post("/admin/tampilan", sent).status_code == 303
    page = visitor.get("/admin/tampilan").text
    after = re.search(r"/theme\.css\?v=\w+", page)
    assert "Sapa Warga" in page
    assert before
    assert after
    assert before[0] != after[0]
    assert "#7a1f5c" in visitor.get(after[0]).text
    assert visitor.get("/manifest.webmanifest").json["theme_color"] == "#7a1f5c"
    for colour, said in (("#ffb703", "tidak terbaca"), ("merah", "Tulis warna seperti")):
        answer = visitor.post("/admin/tampilan", {**sent, "brand_colour": colour})
        assert answer.status_code == 422
        assert said in answer.text
    assert world.afresh().get_one(Site, 1).title == "Sapa Warga"


def test_colours_to_begin_with_are_offered_and_each_can_be_taken(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    page = visitor.get("/admin/tampilan").text
    assert re.search(r'<input[^>]* id="brand_colour"[^>]* list="colours"', page)
    offered = re.findall(r'<option value="(#\w{6})">', page)
    assert len(offered) > 4
    for colour in offered:
        sent = {"title": "Antrean", "subtitle": "", "brand_colour": colour}
        assert visitor.post("/admin/tampilan", sent).status_code == 303


def test_a_letter_and_the_end_of_a_service(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    path = f"/admin/layanan/{world.offering.id}"
    assert visitor.post(f"{path}/huruf", {"letter": "Z", "reason": ""}).status_code == 422
    assert visitor.post(f"{path}/huruf", {"letter": "Z", "reason": "Papan baru"}).status_code == 303
    world.book()
    assert "Satu orang memegang tiket" in visitor.get(f"{path}/pakai").text
    assert visitor.post(f"{path}/pakai", {"reason": "Pindah ke kecamatan"}).status_code == 303
    assert "Tidak diberikan lagi" in visitor.get("/admin/layanan").text
    assert visitor.post(f"{path}/pakai", {"reason": ""}).status_code == 422
    assert visitor.post(f"{path}/pakai", {"reason": "Kembali"}).status_code == 303
    assert world.afresh().get_one(OfficeService, world.offering.id).active
    there = f"/admin/layanan/{world.offering_there.id}"
    assert visitor.get(f"{there}/huruf").status_code == 404
    assert visitor.post(f"{there}/pakai", {"reason": "x"}).status_code == 404


def test_hours_are_copied_after_a_look_at_what_they_do(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    visitor.post("/admin/persiapan/layanan", {"codes": ["IKD", "SUKET"]})
    path = f"/admin/jadwal/{world.offering.id}/salin"
    page = visitor.get(path).text
    assert page.count("checked") == 2
    ids = re.findall(r'name="services"[^>]*value="(\d+)"', page)
    sent = {"services": ids, "valid_from": "2026-11-25", "step": "preview"}
    slots = select(func.count()).select_from(Slot).where(Slot.office_id == world.here.id)
    before = world.afresh().scalar(slots)
    shown = visitor.post(path, sent).text
    assert "Senin–Jumat 08.00–14.00: 6" in text_of(shown)
    assert "Jam disamakan dengan" in shown
    assert world.afresh().scalar(slots) == before
    confirmed = {**sent, "step": "confirm", "reason": "Disamakan"}
    assert visitor.post(path, {**confirmed, "reason": ""}).status_code == 422
    assert visitor.post(path, confirmed).location == "/admin/layanan"
    own = slots.where(Slot.service_id == world.offering.service_id, Slot.day >= MONDAY_MORNING.date())
    assert world.afresh().scalar(slots) > world.session.scalar(own) > 0
    assert visitor.post(path, {**sent, "services": []}).status_code == 422
    assert visitor.post(path, {**sent, "valid_from": "2026-11-20"}).status_code == 422
    assert visitor.get(f"/admin/jadwal/{world.offering_there.id}/salin").status_code == 404


def test_where_nothing_follows_hours_that_end_the_look_says_so(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    visitor.post("/admin/persiapan/layanan", {"codes": ["IKD"]})
    first, last = date(2026, 11, 25), date(2026, 12, 4)
    windows = windows_of_week([DayHours(day, time(8), time(10)) for day in range(5)], 60, 4)
    with_end = NewSchedule("Ramadan", first, last, windows)
    set_schedule(world.session, world.offering.id, with_end, reason="Surat edaran", actor=TESTER, now=MONDAY_MORNING)
    world.session.commit()
    path = f"/admin/jadwal/{world.offering.id}/salin"
    ids = re.findall(r'name="services"[^>]*value="(\d+)"', visitor.get(path).text)
    shown = text_of(visitor.post(path, {"services": ids, "valid_from": "2026-11-25", "step": "preview"}).text)
    assert "Sampai Jumat, 4 Desember 2026, sesudah itu belum ada jam." in shown


def hours(world: World, **changes: str) -> dict[str, str]:
    """Tuesday alone, from nine to eleven."""
    row = {"quotas-0-offering": str(world.offering.id), "quotas-0-places": "8"}
    day = {"days-1-opens": "09.00", "days-1-closes": "11.00", "length": "60", "valid_from": "2026-11-25"}
    return {**row, **day, **changes}


def test_hours_that_people_know_are_changed_after_a_look_and_with_a_reason(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    path = "/admin/persiapan/jam"
    page = visitor.get(path).text
    assert 'value="14.00"' in page  # as the service has it, not as most offices do
    looked = visitor.post(path, hours(world))
    assert looked.status_code == 200
    assert "Layanan ini sudah punya jam." in looked.text
    slots = select(Slot).where(Slot.office_id == world.here.id, Slot.day > MONDAY_MORNING.date(), Slot.planned > 0)
    before = len(world.afresh().scalars(slots).all())
    again = visitor.post(path, hours(world, step="edit"))
    assert (again.status_code, 'value="8"' in again.text) == (200, True)
    assert visitor.post(path, hours(world, step="confirm", reason="")).status_code == 422
    assert len(world.afresh().scalars(slots).all()) == before
    assert visitor.post(path, hours(world, step="confirm", reason="Jam baru")).status_code == 303
    assert len(world.afresh().scalars(slots).all()) < before


def test_the_start_page_leads_back_to_a_set_up_that_was_begun(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert "Lanjutkan persiapan kantor" not in visitor.get("/petugas/").text
    visitor.post("/admin/persiapan/layanan", {"codes": ["IKD"]})
    assert "Lanjutkan persiapan kantor" in visitor.get("/petugas/").text


def test_changed_hours_without_any_quota_are_not_thrown_away(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    page = visitor.get("/admin/persiapan/jam").text
    assert "sekarang 6" in page
    refused = visitor.post("/admin/persiapan/jam", hours(world, **{"quotas-0-places": ""}))
    assert refused.status_code == 422
    assert "Jam ini belum disimpan" in refused.text
    assert 'value="11.00"' in refused.text
    shown = dict(re.findall(r'name="(days-[^"]+|quotas-[^"]+|valid_from)"[^>]*value="([^"]*)"', page))
    on = visitor.post("/admin/persiapan/jam", {**shown, "length": "60"})
    assert (on.status_code, on.location) == (303, "/admin/persiapan/hari-libur")
