"""A logo is sent in, stands in the head of every page, and is taken away again."""

import re
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import AuditEntry, Office, SiteLogo
from tests.harness.office import Visitor, World, refusals

PATH = "/admin/tampilan/logo"
STEP = "/admin/persiapan/kantor"
SHOWN = re.compile(r'src="(/logo\.png\?v=\w{16})" width="(\d+)" height="(\d+)" alt=""')


def sent(colour: str = "#7a1f5c") -> dict[str, object]:
    file = BytesIO()
    Image.new("RGB", (200, 100), colour).save(file, "PNG")
    return {"file": (BytesIO(file.getvalue()), "logo.png")}


@pytest.fixture
def administrator(visitor: Visitor, world: World) -> Visitor:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    return visitor


def test_it_stands_in_the_head_of_every_page(administrator: Visitor, world: World) -> None:
    assert not SHOWN.search(administrator.get(PATH).text)
    assert administrator.get("/logo.png").status_code == 404
    assert administrator.post(PATH, sent()).status_code == 303
    shown = SHOWN.search(administrator.get("/bantuan").text)
    assert shown
    assert shown.groups()[1:] == ("160", "80")
    answer = administrator.get(shown[1])
    assert (answer.content_type, "immutable" in answer.headers["Cache-Control"]) == ("image/png", True)
    again = administrator.client.get(shown[1], headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert "immutable" not in administrator.get("/logo.png?v=lama").headers["Cache-Control"]


def test_another_one_has_another_address(administrator: Visitor) -> None:
    addresses = set()
    for colour in ("#7a1f5c", "#0f4c5c"):
        administrator.post(PATH, sent(colour))
        addresses.add(SHOWN.search(administrator.get("/bantuan").text)[1])
    assert len(addresses) == 2


def test_it_is_taken_away(administrator: Visitor, world: World) -> None:
    administrator.post(PATH, sent())
    assert "Hapus logo" in administrator.get(PATH).text
    assert administrator.post(f"{PATH}/hapus").status_code == 303
    assert "brand__logo" in administrator.get("/bantuan").text
    assert world.afresh().get(SiteLogo, 1) is None
    administrator.post(f"{PATH}/hapus")
    told = world.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "site.logo").order_by(AuditEntry.id)
    ).all()
    assert [(bool(one.before["logo"]), bool(one.after["logo"])) for one in told] == [(False, True), (True, False)]
    assert "Logo diubah" in administrator.get("/admin/jejak").text


def test_what_is_no_picture_is_refused_with_words(administrator: Visitor) -> None:
    for wrong in ({"file": (BytesIO(b"<svg/>"), "logo.svg")}, {}, {"file": "teks"}):
        answer = administrator.post(PATH, wrong)
        assert (answer.status_code, len(refusals(answer))) == (422, 1)
        assert "PNG, JPEG, atau WebP" in answer.text


def test_only_whoever_answers_for_all_offices_changes_it(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert visitor.get(PATH).status_code == visitor.post(PATH, sent()).status_code == 403
    assert visitor.post(f"{PATH}/hapus").status_code == 403


def test_the_first_step_of_the_set_up_takes_it_as_well(administrator: Visitor, world: World) -> None:
    data = {"name": world.here.name, "address": "Jl. Sini 1", "map_url": "https://peta.example/sini"}
    refused = administrator.post(STEP, {**data, "logo": (BytesIO(b"<svg/>"), "logo.svg")})
    assert refused.status_code == 422
    assert "PNG, JPEG, atau WebP" in refused.text
    assert 'value="https://peta.example/sini"' in refused.text
    assert world.afresh().get_one(Office, world.here.id).map_url != data["map_url"]
    assert administrator.post(STEP, {**data, "logo": sent()["file"]}).status_code == 303
    version = world.afresh().get_one(SiteLogo, 1).version
    assert version in administrator.get("/bantuan").text
    assert administrator.post(STEP, data).status_code == 303
    assert world.afresh().get_one(SiteLogo, 1).version == version, "without a picture it stays"


def test_a_step_of_one_office_asks_nobody_for_what_counts_for_all(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert 'name="logo"' not in visitor.get(STEP).text
    assert (
        visitor.post(STEP, {"name": world.here.name, "address": "Jl. Sini", "logo": sent()["file"]}).status_code == 303
    )
    assert world.afresh().get(SiteLogo, 1) is None


def test_the_list_of_what_can_wait_names_it_for_whoever_may_set_it(administrator: Visitor, world: World) -> None:
    said = "Logo belum dipasang."
    assert said in administrator.get("/admin/persiapan").text
    administrator.post(PATH, sent())
    assert said not in administrator.get("/admin/persiapan").text
    administrator.post(f"{PATH}/hapus")
    administrator.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert said not in administrator.get("/admin/persiapan").text
