"""Telephone numbers, however people write them (docs/rules.md R-PHONE-1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.phones import mask_phone, parse_phone, show_phone
from queue_app.domain.typing_errors import InvalidPhone


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "0812-3456-7890",
        "0812 3456 7890",
        "+62 812 3456 7890",
        "+62 0812 3456 7890",
        "+62 (0)812-3456-7890",
        "(+62) 812 3456 7890",
        "+62.812.3456.7890",
        "0062 812 3456 7890",
        "00 62 0812 3456 7890",
        "6281234567890",
        "62 0812 3456 7890",
        "812 3456 7890",
        "+0812 3456 7890",
        "(0812) 3456.7890",
        "[0812] 3456/7890",
        " +62812‐34567890 ",
        "tel:+62-812-3456-7890",
        "\u202a+62 812\u20113456\u20117890\u202c",  # a contact of a telephone, copied
        "0812\u00a03456\u200b7890",
        "０８１２３４５６７８９０",
        "٠٨١٢٣٤٥٦٧٨٩٠",
    ],
)
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert parse_phone(typed) == "+6281234567890"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0812345678", "+62812345678"),  # the shortest
        ("0895 1234 56789", "+62895123456789"),  # and the longest
        ("62812345678", "+62812345678"),  # never area code 0628
        ("628 12345678", "+62812345678"),
    ],
)
def test_mobile_numbers_have_nine_to_twelve_digits_behind_the_country_code(typed: str, read: str) -> None:
    assert parse_phone(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("(0271) 891234", "+62271891234"),
        ("021 5550123", "+62215550123"),
        ("62 21 5550123", "+62215550123"),
        ("0628 123456", "+62628123456"),  # with its 0 it is the area code
    ],
)
def test_a_landline_is_a_number_too(typed: str, read: str) -> None:
    """The office can call it, and it opens the ticket as well as a mobile one."""
    assert parse_phone(typed) == read


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "shape"),
        ("-", "shape"),
        ("0812", "short"),
        ("0812 34567", "short"),
        ("628123456", "short"),
        ("08123456789012", "long"),
        ("0812 3456 7890 / 0813 3456 7890", "long"),
        ("0271 1234", "short"),
        ("+1 212 555 0100", "foreign"),
        ("+65 8123 4567", "foreign"),
        ("0065 8123 4567", "foreign"),
        ("0112345678", "shape"),
        ("891234", "short"),
        ("271 891234", "shape"),  # a landline without the 0 of its area code
        ("0800 1 234567", "shape"),
        ("0812x4567890", "shape"),
        ("0812 3456 7890 ext 5", "shape"),
        ("++62812345678", "shape"),
    ],
)
def test_what_is_no_indonesian_number_is_refused_for_its_true_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidPhone) as refusal:
        parse_phone(typed)
    assert refusal.value.details["reason"] == reason


def test_a_wrong_length_is_counted_as_people_count_it() -> None:
    with pytest.raises(InvalidPhone) as refusal:
        parse_phone("+62 812 3456")
    assert refusal.value.details == {"reason": "short", "digits": 8, "least": 10, "most": 13}


@given(st.from_regex(r"8[1-9][0-9]{7,10}|[2-79][0-9]{7,10}", fullmatch=True, alphabet="0123456789"))
def test_reading_what_was_read_changes_nothing(number: str) -> None:
    phone = parse_phone(f"0{number}")
    assert parse_phone(phone) == parse_phone(show_phone(phone)) == phone == f"+62{number}"


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(typed: str) -> None:
    try:
        phone = parse_phone(typed)
    except InvalidPhone:
        return
    assert phone.isascii()
    assert phone.startswith("+62")
    assert 8 <= len(phone) - 3 <= 12


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+6281234567890", "0812 3456 7890"),
        ("+62812345678", "0812 3456 78"),
        ("+62895123456789", "0895 1234 56789"),
        ("+62271891234", "0271 8912 34"),
    ],
)
def test_a_number_is_shown_as_people_write_it(phone: str, shown: str) -> None:
    assert show_phone(phone) == shown


def test_a_masked_number_is_recognised_by_its_owner_only() -> None:
    assert mask_phone("+6281234567890") == "+62812•••890"
