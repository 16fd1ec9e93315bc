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
    for name, value in {
        "name": "Siti Wahyuni",
        "nik": NIK,
        "phone": "0812 3456 7890",
        "email": "siti@contoh.id",
    }.items():
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
        ({"name": NIK}, "Ini tampaknya NIK"),
        ({"name": "Siti 2"}, "Nama ini berisi angka."),
        ({"name": "Siti " + "W" * 100}, "terlalu panjang: 105 huruf. Tulis paling banyak 100"),
        ({"name": "Siti *"}, "Tanda * tidak dapat dipakai"),
        ({"name": "..."}, "tidak berisi huruf"),
        ({"phone": "0812345"}, "terlalu pendek: 7 angka, seharusnya 10 sampai 13."),
        ({"phone": "081234567890 / 081234567891"}, "terlalu panjang: 24 angka"),
        ({"phone": "+65 8123 4567"}, "nomor luar negeri"),
        ({"email": "sití@contoh.id"}, "ditolak banyak penyedia email: í."),
        ({"email": "siti@"}, "Tulis alamat email yang benar"),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_typed_is_lost(
    citizen: Citizen, changes: dict[str, str], words: str
) -> None:
    answer = citizen.give_details(**changes)
    assert answer.status_code == 422
    assert "<title>Kesalahan: Data Anda" in answer.text
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


PASTED = {
    "name": "\u202aSiti\u200b Ｗahyuni\ufeff",
    "nik": "\u20663314 9917 ０３０５ 0001\u2069",
    "phone": "\u202a+62 812\u20113456\u20117890\u202c",
    "email": "\u200bsiti@contoh.id\x00",
}


def test_what_is_pasted_with_marks_that_nobody_sees_is_taken(citizen: Citizen) -> None:
    assert citizen.give_details(**PASTED).status_code == 303
    said = text_of(citizen.choice().text)
    for clean in ("Siti Wahyuni", "3314 9917 0305 0001", "0812 3456 7890", "siti@contoh.id"):
        assert clean in said


def test_what_was_typed_stands_in_full_before_booking_and_never_later(citizen: Citizen) -> None:
    citizen.give_details()
    choice = citizen.choice()
    assert "3314 9917 0305 0001" in text_of(choice.text)
    assert "0812 3456 7890" in choice.text
    assert choice.headers["Cache-Control"] == "no-store"
    ticket = citizen.book()
    later = [citizen.get(ticket + path).text for path in ("", "/ubah", "/batal", "/cetak")]
    later.append(citizen.get(f"{citizen.service}/data").text)
    for page in later:
        for whole in ("3314 9917", NIK, 'value="0812', PHONE):
            assert whole not in page
    assert NIK not in citizen.addresses()


def test_a_name_with_digits_is_asked_about_and_taken_when_the_card_has_them(citizen: Citizen) -> None:
    """A box to tick appears with the question, without any script; nothing else is lost."""
    assert 'name="name_confirmed"' not in citizen.get(f"{citizen.service}/data").text
    asked = citizen.give_details(name="Siti 2 Wahyuni")
    assert asked.status_code == 422
    assert 'name="name_confirmed"' in asked.text
    assert citizen.give_details(name="Siti 2 Wahyuni", name_confirmed="y").status_code == 303
    assert "Siti 2 Wahyuni" in citizen.choice().text
    again = citizen.get(f"{citizen.service}/data").text  # to be changed: still ticked
    assert "checked" in again.split('name="name_confirmed"')[1].split(">")[0]


def test_a_number_of_a_person_is_no_name_whatever_is_ticked(citizen: Citizen) -> None:
    assert citizen.give_details(name=NIK, name_confirmed="y").status_code == 422


@pytest.mark.parametrize("typed", ["-", "—", "tidak ada", "None", ""])
def test_a_dash_in_the_optional_email_means_none(citizen: Citizen, typed: str) -> None:
    assert citizen.give_details(email=typed).status_code == 303
    assert "Email" not in text_of(citizen.choice().text)


def test_an_address_that_many_servers_refuse_is_asked_about(citizen: Citizen) -> None:
    asked = citizen.give_details(email="sití@contoh.id")
    assert asked.status_code == 422
    assert 'name="email_confirmed"' in asked.text
    assert citizen.give_details(email="sití@contoh.id", email_confirmed="y").status_code == 303
    assert "sití@contoh.id" in citizen.choice().text


def test_letters_behind_the_at_are_no_question(citizen: Citizen) -> None:
    assert citizen.give_details(email="siti@kantór.id").status_code == 303
