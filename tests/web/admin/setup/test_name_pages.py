"""Names and order of services, as their pages are sent."""

import re

from queue_app.domain.roles import Role
from queue_app.models import Service
from tests.harness.office import Visitor, World, refusals

NAMES = {
    "name_id": "Perekaman KTP",
    "name_en": "Recording",
    "summary_id": "Foto dan sidik jari.",
    "summary_en": "Photo and fingerprints.",
}


def test_a_service_is_called_something_else_everywhere(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    path = f"/admin/layanan/{world.offering.id}/nama"
    assert world.there.name in visitor.get(path).text
    wrong = visitor.post(path, {**NAMES, "name_en": "", "reason": "Nama resmi"})
    assert (wrong.status_code, 'value="Perekaman KTP"' in wrong.text) == (422, True)
    assert visitor.post(path, {**NAMES, "reason": ""}).status_code == 422
    personal = visitor.post(path, {**NAMES, "summary_id": "Hubungi 081234567890", "reason": "Nama resmi"})
    assert (personal.status_code, len(refusals(personal))) == (422, 1)
    assert visitor.post(path, {**NAMES, "reason": "Nama resmi"}).status_code == 303
    assert "Perekaman KTP" in visitor.get(f"/{world.there.slug}").text
    assert "Nama layanan diubah" in visitor.get("/admin/jejak").text


def test_who_answers_for_one_of_its_offices_is_told_so(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    path = f"/admin/layanan/{world.offering.id}/nama"
    assert "Hanya administrator semua kantor itu" in visitor.get(path).text
    refused = visitor.post(path, {**NAMES, "reason": "Nama resmi"})
    assert refused.status_code == 422
    assert world.afresh().get_one(Service, world.offering.service_id).name_id != NAMES["name_id"]
    assert visitor.get(f"/admin/layanan/{world.offering_there.id}/nama").status_code == 404


def test_a_service_is_moved_by_a_button(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    visitor.post("/admin/persiapan/layanan", {"codes": ["IKD", "SUKET", "KTP_UBAH"]})
    page = visitor.get("/admin/layanan/urutan").text
    last = re.findall(r'action="(/admin/layanan/(\d+)/pindah)"', page)[2]
    assert page.count('value="up"') == page.count('value="down"') == 2
    answer = visitor.post(last[0], {"step": "up"})
    assert answer.location == f"/admin/layanan/urutan#service-{last[1]}"
    assert "sekarang nomor 2" in visitor.get("/admin/layanan/urutan").text
    assert visitor.post(last[0], {"step": "sideways"}).status_code == 400
    assert visitor.post(f"/admin/layanan/{world.offering_there.id}/pindah", {"step": "up"}).status_code == 404
