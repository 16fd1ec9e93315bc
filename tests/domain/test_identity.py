"""Phone numbers, names, initials, and what looks like personal data in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.errors import InvalidName, InvalidPhone
from queue_app.domain.identity import holds_personal_number, initials, mask_phone, parse_name, parse_phone


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "+62 812 3456 7890",
        "6281234567890",
        "(0812) 3456.7890",
        " +62812‐34567890 ",
    ],
)
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert parse_phone(typed) == "+6281234567890"


def test_a_landline_is_a_number_too() -> None:
    assert parse_phone("(0271) 891234") == "+62271891234"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0812",
        "+1 212 555 0100",
        "0112345678",
        "08123456789012345",
        "0812x4567890",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "+6581234567",
        "00628123456789",
    ],
)
def test_what_is_no_indonesian_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidPhone):
        parse_phone(typed)


@given(st.from_regex(r"[2-9][0-9]{7,11}", fullmatch=True, alphabet="0123456789"))
def test_reading_what_was_read_changes_nothing(number: str) -> None:
    phone = parse_phone(f"0{number}")
    assert parse_phone(phone) == phone == f"+62{number}"


def test_a_masked_number_is_recognised_by_its_owner_only() -> None:
    assert mask_phone("+6281234567890") == "+62812•••890"


def test_a_name_is_trimmed_and_composed() -> None:
    assert parse_name("  Siti \t Nur\n Wahyuni ") == "Siti Nur Wahyuni"
    assert parse_name("Jose\u0301") == "José"
    assert parse_name("H. M. Ali, S.H.") == "H. M. Ali, S.H."
    assert parse_name("O" * 100) == "O" * 100


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "...",
        "-",
        "3314991703050001",
        "Siti 2",
        "Siti²",
        "Siti\u200bWahyuni",
        "Siti\u202eWahyuni",
        "Siti\x00",
        "O" * 101,
        "Siti\ud800",
    ],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(InvalidName):
        parse_name(typed)


@given(st.text(max_size=120))
def test_any_text_is_a_name_or_refused(typed: str) -> None:
    try:
        name = parse_name(typed)
    except InvalidName:
        return
    assert 0 < len(name) <= 100
    assert parse_name(name) == name
    assert initials(name) != "–"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Siti Wahyuni", "S. W."),
        ("siti", "S."),
        ("'Aisyah binti (Alm.) Umar", "A. B. A. U."),
        ("H. M. Ali, S.H.", "H. M. A. S."),
        ("...", "–"),
        ("", "–"),
    ],
)
def test_initials(name: str, shown: str) -> None:
    assert initials(name) == shown


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3314991703050001 ganda",
        "3314 9917 0305 0001",
        "331499 170305 0001",
        "3314-9917-0305-0001",
        "hubungi 081234567890",
        "hubungi 0812-3456-7890.",
        "0812 345 678",
        "+62 812 3456 7890",
        "wa:6281234567890",
        '{"phone": "+6281234567890"}',
    ],
)
def test_numbers_of_persons_are_noticed_in_free_text(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Listrik padam",
        "buka 08.00-12.00 13.00-15.00",
        "08.00-09.30 dan 10.00-11.30",
        "sesuai SKB 2026-11-23 nomor 855/2026",
        "telepon kantor (0271) 891234",
        "kuota 50 menjadi 75",
        "{'quota': 50, 'slots': {'1101': 10, '1102': 10, '1103': 10}}",
        "33149917030500012",  # seventeen digits are something else
    ],
)
def test_other_numbers_are_left_in_peace(text: str) -> None:
    assert not holds_personal_number(text)
