"""Zone, title, letters and hours of an office that stands, changed by its administrator."""

import re

from sqlalchemy import func, select

from queue_app.domain.roles import Role
from queue_app.models import Office, OfficeService, Site, Slot
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World

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


def test_hours_are_copied_in_one_press(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    visitor.post("/admin/persiapan/layanan", {"codes": ["IKD", "SUKET"]})
    path = f"/admin/jadwal/{world.offering.id}/salin"
    page = visitor.get(path).text
    assert page.count("checked") == 2
    ids = re.findall(r'name="targets"[^>]*value="(\d+)"', page)
    sent = {"targets": ids, "valid_from": "2026-11-25", "reason": "Disamakan"}
    assert visitor.post(path, sent).location == "/admin/layanan"
    slots = select(func.count()).select_from(Slot).where(Slot.office_id == world.here.id)
    own = slots.where(Slot.service_id == world.offering.service_id, Slot.day >= MONDAY_MORNING.date())
    assert world.afresh().scalar(slots) > world.session.scalar(own) > 0
    assert visitor.post(path, {**sent, "targets": []}).status_code == 422
    assert visitor.post(path, {**sent, "valid_from": "2026-11-20"}).status_code == 422
    assert visitor.get(f"/admin/jadwal/{world.offering_there.id}/salin").status_code == 404
