"""Announcements from the administrator's form to the pages of citizens and the display in the hall."""

import re

import pytest

from queue_app.domain.roles import Role
from queue_app.models import Announcement
from tests.harness.office import Visitor, World

FORM = {
    "text_id": "Masuk lewat pintu timur.",
    "text_en": "Enter by the east door.",
    "level": "important",
    "on_pages": "y",
    "on_display": "y",
    "last_day": "2026-11-30",
    "last_at": "16.00",
}
LIST, NEW = "/admin/pengumuman", "/admin/pengumuman/baru"


def acts(visitor: Visitor) -> list[str]:
    return re.findall(r'(/admin/pengumuman/\d+/\w+)"', visitor.get(LIST).text)


def hall(visitor: Visitor, world: World) -> list[dict[str, object]]:
    answer = visitor.get(f"/display/{world.here.slug}/now").json
    assert answer is not None
    return list(answer["announcements"])


def test_it_stands_on_pages_and_display_until_it_is_ended(administrator: Visitor, world: World) -> None:
    service = f"/{world.here.slug}/{world.offering.service.slug}"
    assert administrator.post(NEW, FORM).location == LIST
    for path in (f"/{world.here.slug}", service, f"{service}/data", f"/display/{world.here.slug}"):
        assert FORM["text_id"] in administrator.get(path).text, path
    assert FORM["text_en"] in administrator.get(f"{service}?lang=en").text
    for path in (f"/{world.there.slug}", "/bantuan"):
        assert FORM["text_id"] not in administrator.get(f"{path}?lang=id").text, path
    assert hall(administrator, world) == [{"text": FORM["text_id"], "important": True}]
    edit, end = acts(administrator)
    assert 'value="2026-11-30"' in administrator.get(edit).text
    assert administrator.post(edit, {**FORM, "on_display": ""}).status_code == 303
    assert hall(administrator, world) == []
    assert FORM["text_id"] in administrator.get(service).text
    assert administrator.post(end).status_code == 303
    assert FORM["text_id"] not in administrator.get(service).text
    assert administrator.post(end).status_code == 303  # twice does no harm
    (again,) = acts(administrator)
    assert administrator.post(again, FORM).status_code == 303  # shown once more
    assert FORM["text_id"] in administrator.get(service).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text_id": ""}, "Bagian ini harus diisi."),
        ({"text_id": "Hubungi 081234567890"}, "Jangan tulis NIK atau nomor HP"),
        ({"last_day": "2026-11-20"}, "Akhirnya harus sesudah mulainya."),
        ({"last_day": ""}, "Isi tanggal terakhir pengumuman."),
        ({"first_at": "25"}, "Tulis jam yang benar"),
        ({"first_day": "2026-11-01", "last_day": "2026-11-02"}, "sudah lewat"),
        ({"on_pages": "", "on_display": ""}, "Pilih paling sedikit satu tempat"),
        ({"level": "loud"}, "Pilih salah satu yang tersedia."),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(administrator: Visitor, change: dict[str, str], said: str) -> None:
    answer = administrator.post(NEW, {**FORM, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert FORM["text_en"] in answer.text


def test_only_who_answers_for_all_offices_speaks_for_all(visitor: Visitor, world: World) -> None:
    everywhere = {**FORM, "everywhere": "y"}
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert "everywhere" not in visitor.get(NEW).text
    assert visitor.post(NEW, everywhere).status_code == 403
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.here, world.there))
    assert visitor.post(NEW, everywhere).status_code == 303
    for path in ("/", f"/{world.here.slug}", f"/{world.there.slug}"):
        assert FORM["text_id"] in visitor.get(path).text, path
    edit, end = acts(visitor)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert acts(visitor) == []
    assert (visitor.get(edit).status_code, visitor.post(end).status_code) == (403, 403)


def test_nobody_touches_what_another_office_says(visitor: Visitor, world: World) -> None:
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there))
    visitor.post(NEW, FORM)
    edit, end = acts(visitor)
    visitor.sign_in(world, world.staff(Role.ADMINISTRATOR))
    assert (visitor.get(edit).status_code, visitor.post(end).status_code) == (404, 404)
    assert world.afresh().query(Announcement).count() == 1
