"""The details: every slip is named, nothing typed is lost, nothing personal leaks."""

import pytest

from queue_app.models import OfficeService
from tests.harness.fakes import FixedClock
from tests.web.citizen import NIK, PHONE, Citizen, hidden, text_of


def test_personal_data_stands_in_no_address_and_in_no_readable_cookie(citizen: Citizen) -> None:
    citizen.give_details(nik="x")
    ticket = citizen.book()
    for path in ("", "/ubah", "/batal", "/cetak"):
        citizen.get(ticket + path)
    cookies = " ".join(value for answer in citizen.answers for value in answer.headers.getlist("Set-Cookie"))
    for secret in (NIK, PHONE, "Siti", "Wahyuni", "siti@", "contoh"):
        assert secret not in citizen.addresses()
        assert secret not in cookies


def test_the_draft_is_out_of_reach_of_scripts_and_short_lived(citizen: Citizen, offering: OfficeService) -> None:
    cookies = [value for value in citizen.give_details().headers.getlist("Set-Cookie") if value.startswith("draft-")]
    assert {part.split("Path=")[1].split(";")[0] for part in cookies} == {"/sragen/ktp-rekam", "/slots", "/bookings"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Max-Age=1800" in cookie


def test_a_draft_too_old_leads_back_to_the_details_and_says_why(citizen: Citizen, clock: FixedClock) -> None:
    citizen.give_details()
    clock.advance(minutes=31)
    assert citizen.days().location == "/sragen/ktp-rekam/data"
    assert "ditinggal lebih dari 30 menit dihapus" in citizen.get("/sragen/ktp-rekam/data").text


def test_details_come_back_to_be_changed(citizen: Citizen) -> None:
    citizen.give_details()
    page = citizen.get("/sragen/ktp-rekam/data").text
    for name, value in {"name": "Siti Wahyuni", "nik": NIK, "phone": f"0{PHONE}", "email": "siti@contoh.id"}.items():
        assert hidden(page, name) == value


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nik": "331499170305000"}, "NIK harus 16 angka, tetapi yang tertulis 15 angka"),
        ({"nik": "33149917030500011"}, "yang tertulis 17 angka"),
        ({"nik": "33149917030500O1"}, "16 angka, tanpa huruf"),
        ({"nik": "3314993202050001"}, "bukan tanggal lahir"),
        ({"nik": "3314991703050000"}, "tidak mungkin 0000"),
        ({"nik": "9914991703050001"}, "bukan kode provinsi"),
        ({"nik": ""}, "Tulis NIK orang yang akan datang."),
        ({"phone": "12345"}, "Tulis nomor HP Indonesia"),
        ({"phone": ""}, "Tulis nomor HP yang dapat dihubungi."),
        ({"name": ""}, "Tulis nama lengkap orang yang akan datang."),
        ({"name": NIK}, "tanpa angka"),
        ({"email": "siti@"}, "Tulis alamat surel yang benar"),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_typed_is_lost(
    citizen: Citizen, changes: dict[str, str], words: str
) -> None:
    answer = citizen.give_details(**changes)
    assert answer.status_code == 422
    assert "<title>Galat: Data Anda" in answer.text
    (name,) = changes
    assert f'href="#{name}"' in answer.text
    assert text_of(answer.text).count(words) == 2  # in the summary and at the field
    for field, value in {"name": "Siti Wahyuni", "phone": "0812-3456-7890", **changes}.items():
        assert f'value="{value}"' in answer.text or not value, field
    assert "Set-Cookie" not in answer.headers or "draft-" not in answer.headers["Set-Cookie"]


def test_the_same_details_again_are_the_same_request_and_others_a_new_one(citizen: Citizen) -> None:
    citizen.give_details()
    key = hidden(citizen.choice().text, "request_key")
    citizen.give_details()
    assert hidden(citizen.choice().text, "request_key") == key
    citizen.give_details(name="Siti W")
    assert hidden(citizen.choice().text, "request_key") != key
