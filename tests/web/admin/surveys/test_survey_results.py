"""Results of the survey on the page and as files, remarks with their follow-up, and whether the office asks by mail."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from queue_app.domain.roles import Role
from queue_app.domain.visits import Outcome, VisitState
from queue_app.models import Office, SurveyRemark
from tests.harness.at_counters import another_service, arrive, visit_of
from tests.harness.fakes import MONDAY_MORNING, FixedClock
from tests.harness.office import TODAY, Visitor, World, refusals
from tests.web.admin.surveys.conftest import Answered
from tests.web.citizen import text_of

PAGE = "/admin/angka/survei"
REMARKS = f"{PAGE}/saran"
CLOSED = date(2026, 9, 14)  # of a quarter to which nobody can add an answer any more


def serve_six(world: World) -> None:
    for hour in (8, 8, 9, 9, 13, 13):
        visit = visit_of(world, arrive(world, hour=hour, now=MONDAY_MORNING + timedelta(hours=hour - 9)))
        visit.state, visit.outcome = VisitState.SERVED, Outcome.DONE
        world.session.commit()


def test_the_page_says_index_grade_and_the_weakest_element(administrator: Visitor, answered: Answered) -> None:
    answered(4, 4, 4, 4, 3, 3, speed=2)
    page = administrator.get(PAGE).text
    text = text_of(page)
    for words in ("Indeks kepuasan masyarakat 87,04", "B – Baik", "Unsur terendah: Waktu penyelesaian.", "U9 Sarana"):
        assert words in text
    assert len(re.findall("<svg", page)) == len(re.findall("</title>\\s*<desc", page)) == 2
    assert "Triwulan 4 2026" in text


def test_of_few_answers_the_page_tells_only_how_many(administrator: Visitor, answered: Answered) -> None:
    answered(1, 1, 1)
    page = administrator.get(PAGE).text
    text = text_of(page)
    assert "Indeks kepuasan masyarakat – belum cukup jawaban (3 dari sedikitnya 5)" in text
    assert "Tidak baik" not in text
    assert "Triwulan 4 2026,3,0,0,,belum" in administrator.get(f"{PAGE}/waktu/csv?periode=quarter-2026-4").text
    assert "(3 dari sedikitnya 5)" in administrator.get(f"{PAGE}/layanan/csv?periode=quarter-2026-4").text
    assert administrator.get(f"{PAGE}/unsur/csv?periode=quarter-2026-4").status_code == 404
    assert "<svg" not in page


def test_answers_below_the_sample_are_told_beside_the_index(
    administrator: Visitor, world: World, answered: Answered
) -> None:
    """Those who were served today are among the people who count, though the day is not over."""
    answered(*[4] * 5)
    assert "responden di bawah minimal" not in administrator.get(PAGE).text
    serve_six(world)
    text = text_of(administrator.get(PAGE).text)
    assert "Indeks kepuasan masyarakat 100 A – Sangat baik, responden di bawah minimal" in text
    assert "Responden 5 minimal 6 dari 6 yang dilayani" in text
    assert "Responden 5, minimal 6 menurut tabel sampel PermenPANRB 14/2017: belum mewakili" in text


def test_a_service_of_few_answers_is_not_reckoned_from_the_whole(
    administrator: Visitor, world: World, answered: Answered
) -> None:
    answered(*[4] * 5)
    answered(1, of=another_service(world))
    text = text_of(administrator.get(PAGE).text)
    assert "1 jawaban dari layanan dengan kurang dari 5 jawaban tidak ikut dihitung." in text
    assert "Semua layanan 5" in text


def test_without_answers_it_says_so(administrator: Visitor) -> None:
    assert "Belum ada jawaban dalam periode ini." in administrator.get(PAGE).text
    assert administrator.get(f"{PAGE}?periode=kapan").status_code == 422
    assert administrator.get(f"{PAGE}?periode=year-1066-1").status_code == 422


@pytest.mark.parametrize("period", ["month-2026-11", "semester-2026-2", "year-2026-1"])
def test_each_kind_of_period_has_its_answers(administrator: Visitor, answered: Answered, period: str) -> None:
    answered(*[4] * 5)
    answered(*[1] * 5, day=TODAY - timedelta(days=400))
    assert "Indeks kepuasan masyarakat 100" in text_of(administrator.get(f"{PAGE}?periode={period}").text)


def test_files_hold_the_tables_and_single_answers_without_a_day(administrator: Visitor, answered: Answered) -> None:
    answered(4, 2, 3, 3, 3, day=CLOSED)
    page = administrator.get(f"{PAGE}?periode=quarter-2026-3").text
    links = re.findall(rf'href="({PAGE}/[^"]+/csv\?[^"]*)"', page)
    assert {link.split("/")[4] for link in links} == {"unsur", "layanan", "waktu", "jawaban"}
    for link in links:
        answer = administrator.get(link.replace("&amp;", "&"))
        heading, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))
        assert rows
        assert all(len(row) == len(heading) for row in rows)
        assert str(CLOSED) not in answer.text
    assert administrator.get(f"{PAGE}/unsur/xlsx?periode=quarter-2026-3").data[:2] == b"PK"
    assert administrator.get(f"{PAGE}/umur/csv?periode=quarter-2026-4").status_code == 404


def test_single_answers_wait_until_their_quarter_is_closed(administrator: Visitor, answered: Answered) -> None:
    """A file that grows tells who was there in between, and so do two that overlap."""
    answered(*[4] * 5)
    answered(*[4] * 5, day=CLOSED)
    page = administrator.get(f"{PAGE}?periode=year-2026-1").text
    assert "Triwulan 4 2026: mulai Jumat, 15 Januari 2027" in text_of(page)
    assert "jawaban/csv?periode=quarter-2026-3" in page
    for period in ("quarter-2026-4", "year-2026-1", "month-2026-9"):
        assert f"jawaban/csv?periode={period}" not in page
        assert administrator.get(f"{PAGE}/jawaban/csv?periode={period}").status_code == 404


def test_single_answers_of_a_service_of_few_have_no_name(
    administrator: Visitor, world: World, answered: Answered
) -> None:
    answered(*[4] * 5, day=CLOSED)
    answered(1, 1, 1, of=another_service(world), day=CLOSED)
    answered(2, 2, of=another_service(world, "AKTA", "C"), day=CLOSED)
    for asked in ("", f"&layanan={world.offering.service_id}"):
        page = administrator.get(f"{PAGE}/jawaban/csv?periode=quarter-2026-3{asked}").text
        _heading, *rows = csv.reader(io.StringIO(page.lstrip("\ufeff")))
        assert Counter(tuple(row[:3]) for row in rows) == {
            ("Perekaman KTP-el", "link", "4"): 5,
            ("kurang dari 5 jawaban: layanan tidak ditampilkan", "", "1"): 3,
            ("kurang dari 5 jawaban: layanan tidak ditampilkan", "", "2"): 2,
        }


def test_a_remark_of_few_answers_does_not_tell_its_service(administrator: Visitor, answered: Answered) -> None:
    answered(3, remark="Ruang tunggu panas")
    assert "Layanan tidak ditampilkan · November 2026 Ruang tunggu panas" in text_of(administrator.get(REMARKS).text)
    answered(*[4] * 4)
    assert "Perekaman KTP-el · November 2026 Ruang tunggu panas" in text_of(administrator.get(REMARKS).text)


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


def test_the_published_whole_tells_what_it_is_made_of(
    client: FlaskClient, world: World, answered: Answered, clock: FixedClock
) -> None:
    """Services of few answers together, without their names; and how many answers the sample would want."""
    answered(*[4] * 3)
    answered(2, 2, of=another_service(world))
    serve_six(world)
    clock.advance(days=60)
    text = text_of(client.get("/sragen/keterbukaan").text)
    assert "Triwulan 4 2026 80 B – Baik 5 (di bawah minimal 6)" in text
    assert "Triwulan 4 2026 Perekaman" not in text
