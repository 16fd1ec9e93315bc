"""The address and the region of an office are changed on their pages, and nobody who comes by the old one is lost."""

import pytest

from queue_app.domain.roles import Role
from queue_app.models import Office
from tests.harness.office import Visitor, World

PATH = "/admin/kantor/alamat-halaman"
NEW = "dukcapil-sragen"


@pytest.fixture
def old(visitor: Visitor, world: World) -> str:
    """The address that the office had until a moment ago."""
    before = world.here.slug
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    sent = {"slug": NEW, "step": "confirm", "reason": "Nama baru"}
    assert visitor.post(PATH, sent).status_code == 303
    return before


def test_the_address_is_changed_after_a_look(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    before = world.here.slug
    looked = visitor.post(PATH, {"slug": "Dukcapil Sragen", "step": "preview"})
    assert (looked.status_code, f"/{before}" in looked.text, f"/{NEW}" in looked.text) == (200, True, True)
    assert "tetap berlaku" in looked.text
    confirm = {"slug": NEW, "step": "confirm"}
    assert visitor.post(PATH, {**confirm, "reason": ""}).status_code == 422
    assert world.afresh().get_one(Office, world.here.id).slug == before
    assert visitor.post(PATH, {**confirm, "reason": "Nama baru"}).status_code == 303
    assert world.afresh().get_one(Office, world.here.id).slug == NEW
    assert f"/{before}" in visitor.get(PATH).text
    assert "Alamat halaman kantor diubah" in visitor.get("/admin/jejak").text


def test_what_cannot_be_taken_is_refused_with_what_was_typed(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    for typed in (world.there.slug, "admin", "???", "x" * 61, "kantor-081234567890"):
        answer = visitor.post(PATH, {"slug": typed, "step": "preview"})
        assert (answer.status_code, f'value="{typed}"' in answer.text) == (422, True)


@pytest.mark.parametrize("rest", ["", "/{service}", "/{service}/hari?mulai=2026-11-25", "/keterbukaan"])
def test_pages_lead_on_with_path_and_query(visitor: Visitor, world: World, old: str, rest: str) -> None:
    rest = rest.format(service=world.offering.service.slug)
    answer = visitor.get(f"/{old}{rest}")
    assert (answer.status_code, answer.location) == (301, f"/{NEW}{rest}")
    assert answer.headers["Cache-Control"] == "max-age=3600"
    assert visitor.get(answer.location).status_code == 200


def test_displays_and_codes_on_posters_lead_on(visitor: Visitor, old: str) -> None:
    for path in ("/display/{}", "/display/{}/now", "/antrean/{}?nomor=A-001"):
        assert visitor.get(path.format(old)).location == path.format(NEW)


def test_a_form_that_was_open_is_sent_on_with_what_was_typed(visitor: Visitor, world: World, old: str) -> None:
    service = world.offering.service.slug
    answer = visitor.post(f"/{old}/{service}/data", {"name": "Siti"})
    assert (answer.status_code, answer.location) == (307, f"/{NEW}/{service}/data")


def test_a_page_that_is_not_there_at_either_address_is_not_found(visitor: Visitor, old: str) -> None:
    assert visitor.get(f"/{NEW}/tidak-ada").status_code == 404
    assert visitor.get(visitor.get(f"/{old}/tidak-ada").location).status_code == 404


def test_programs_go_on_naming_the_office_as_before(visitor: Visitor, world: World, old: str) -> None:
    code = world.offering.service.code
    assert visitor.get(f"/api/v1/offices/{old}/services").json["office"] == NEW
    days = visitor.get(f"/api/v1/availability?office={old}&service={code}").json
    assert (days["office"], bool(days["days"])) == (NEW, True)


def test_a_kiosk_goes_on(visitor: Visitor, old: str) -> None:
    assert visitor.get(f"/kiosk/{old}").location == f"/kiosk/{NEW}"


def test_an_old_address_is_given_up(visitor: Visitor, world: World, old: str) -> None:
    path = f"{PATH}/{old}/lepas"
    assert "tidak berlaku lagi" in visitor.get(path).text
    assert visitor.post(path, {"reason": ""}).status_code == 422
    assert visitor.get(f"/{old}").status_code == 301
    assert visitor.post(path, {"reason": "Poster diganti"}).status_code == 303
    assert visitor.get(f"/{old}").status_code == 404
    assert visitor.post(path, {"reason": "Poster diganti"}).status_code == 404


def test_the_region_is_changed(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    sent = {"region_name": "Kota Jayapura", "region_code": "91.71", "reason": "Salah isi"}
    refused = visitor.post("/admin/kantor/wilayah", {**sent, "region_code": "9171"})
    assert (refused.status_code, 'value="9171"' in refused.text, "Kemendagri seperti" in refused.text) == (
        422,
        True,
        True,
    )
    assert visitor.post("/admin/kantor/wilayah", {**sent, "reason": ""}).status_code == 422
    assert visitor.post("/admin/kantor/wilayah", sent).status_code == 303
    assert world.afresh().get_one(Office, world.here.id).region_code == "91.71"
