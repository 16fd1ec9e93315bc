"""The coverage of recording: pasted by an administrator, read by the auditor, one tile for each kecamatan."""

from __future__ import annotations

import re

from queue_app.domain.roles import Role
from tests.harness.office import Visitor, World, refusals
from tests.harness.sragen import KECAMATAN, sragen_table
from tests.web.citizen import text_of

PAGE = "/admin/angka/cakupan"


def test_the_regency_is_shown_in_tiles_and_a_table(administrator: Visitor, world: World, visitor: Visitor) -> None:
    assert "Belum ada tabel cakupan." in administrator.get(PAGE).text
    assert administrator.post(f"{PAGE}/baru", {"rows": sragen_table()}).location == PAGE
    page = administrator.get(PAGE).text
    assert "98,37% dari 753.017 orang wajib KTP-el" in text_of(page)
    assert len(re.findall('<li class="coverage__tile', page)) == len(KECAMATAN)
    assert "33.14.20" in administrator.get(f"{PAGE}/berkas/csv").text
    auditor = visitor.sign_in(world, world.staff(Role.AUDITOR))
    assert "98,37%" in auditor.get(PAGE).text
    assert f"{PAGE}/baru" not in auditor.get(PAGE).text


def test_a_wrong_line_is_named_and_everything_is_kept(administrator: Visitor) -> None:
    wrong = sragen_table().replace("33.14.03,Masaran", "33.15.03,Masaran")
    answer = administrator.post(f"{PAGE}/baru", {"rows": wrong})
    assert answer.status_code == 422
    assert refusals(answer) == ["Baris 4: Kode kecamatan ditulis seperti 33.14.01, di dalam wilayah kantor ini."]
    assert "33.15.03,Masaran" in answer.text
    assert administrator.get(f"{PAGE}/berkas/csv").status_code == 404
