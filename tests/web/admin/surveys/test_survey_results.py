"""Results of the survey on the page and as files, remarks with their follow-up, and whether the office asks by mail."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.models import Office, SurveyRemark
from tests.harness.fakes import FixedClock
from tests.harness.office import TODAY, Visitor, World, refusals
from tests.web.admin.surveys.conftest import Answered
from tests.web.citizen import text_of

PAGE = "/admin/angka/survei"
REMARKS = f"{PAGE}/saran"


def test_the_page_says_index_grade_and_the_weakest_element(administrator: Visitor, answered: Answered) -> None:
    answered(4, 4, 3, speed=2)
    page = administrator.get(PAGE).text
    text = text_of(page)
    for words in ("Indeks kepuasan masyarakat 87,04", "B – Baik", "Unsur terendah: Waktu penyelesaian.", "U9 Sarana"):
        assert words in text
    assert len(re.findall("<svg", page)) == len(re.findall("</title>\\s*<desc", page)) == 2
    assert "Triwulan 4 2026" in text


def test_without_answers_it_says_so(administrator: Visitor) -> None:
    assert "Belum ada jawaban dalam periode ini." in administrator.get(PAGE).text
    assert administrator.get(f"{PAGE}?periode=kapan").status_code == 422
    assert administrator.get(f"{PAGE}?periode=year-1066-1").status_code == 422


@pytest.mark.parametrize("period", ["month-2026-11", "semester-2026-2", "year-2026-1"])
def test_each_kind_of_period_has_its_answers(administrator: Visitor, answered: Answered, period: str) -> None:
    answered(4)
    answered(1, day=TODAY - timedelta(days=400))
    assert "Indeks kepuasan masyarakat 100" in text_of(administrator.get(f"{PAGE}?periode={period}").text)


def test_files_hold_the_tables_and_single_answers_without_a_day(administrator: Visitor, answered: Answered) -> None:
    answered(4, 2)
    page = administrator.get(PAGE).text
    links = re.findall(rf'href="({PAGE}/[^"]+/csv\?[^"]*)"', page)
    assert {link.split("/")[4] for link in links} == {"unsur", "layanan", "waktu", "jawaban"}
    for link in links:
        answer = administrator.get(link.replace("&amp;", "&"))
        heading, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
        assert rows
        assert all(len(row) == len(heading) for row in rows)
        assert str(TODAY) not in answer.text
    assert administrator.get(f"{PAGE}/unsur/xlsx?periode=quarter-2026-4").data[:2] == b"PK"
    assert administrator.get(f"{PAGE}/umur/csv?periode=quarter-2026-4").status_code == 404


def test_a_remark_is_followed_up(administrator: Visitor, world: World, answered: Answered) -> None:
    answered(3, remark="Ruang tunggu <panas>")
    page = administrator.get(REMARKS).text
    assert "Ruang tunggu &lt;panas&gt;" in page
    link = re.search(rf'href="({REMARKS}/[0-9a-f]+)"', page)
    assert link
    answer = administrator.post(link[1], {"done": "Hubungi 081234567890"})
    assert answer.status_code == 422
    assert 'value="Hubungi 081234567890"' in answer.text
    assert administrator.post(link[1], {"done": "Kipas dipasang"}).location == REMARKS
    assert "Kipas dipasang" in text_of(administrator.get(REMARKS).text)
    assert world.afresh().scalars(select(SurveyRemark.follow_up)).all() == ["Kipas dipasang"]
    assert administrator.get(f"{REMARKS}/nirgends").status_code == 404


def test_remarks_of_another_office_are_not_there(world: World, visitor: Visitor, answered: Answered) -> None:
    answered(3, remark="Ruang tunggu panas")
    key = world.session.scalars(select(SurveyRemark.key)).one()
    other = visitor.sign_in(world, world.staff(Role.ADMINISTRATOR, world.there))
    assert "panas" not in other.get(REMARKS).text
    assert other.get(f"{REMARKS}/{key}").status_code == 404


def test_the_office_stops_asking_by_mail_with_a_reason(administrator: Visitor, world: World) -> None:
    assert "Bertanya lewat email: ya" in administrator.get(PAGE).text
    assert refusals(administrator.post(f"{PAGE}/email", {"reason": ""}))
    assert administrator.post(f"{PAGE}/email", {"reason": "Warga mengeluh"}).location == PAGE
    assert "Bertanya lewat email: tidak" in administrator.get(PAGE).text
    assert world.afresh().get_one(Office, world.here.id).survey_by_message is False


def test_a_closed_quarter_is_published_by_service(client: FlaskClient, answered: Answered, clock: FixedClock) -> None:
    answered(*[4] * 4, 3)
    clock.advance(days=60)
    text = text_of(client.get("/sragen/keterbukaan").text)
    assert "Triwulan 4 2026 Perekaman KTP-el 95 A – Sangat baik 5" in text
