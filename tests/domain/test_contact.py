"""Telephones and web addresses of an office."""

import pytest

from queue_app.domain.contact import (
    InvalidContact,
    channel_name,
    dialable,
    read_office_phone,
    read_web_address,
    written_mobile,
)


@pytest.mark.parametrize(
    ("typed", "written", "dialled"),
    [
        ("(0271) 890 900", "(0271) 890 900", "+62271890900"),
        ("  0271-890900 ", "0271-890900", "+62271890900"),
        ("+62 271 890900", "+62 271 890900", "+62271890900"),
        ("(+62) 271 890900", "", ""),
        ("112", "112", "112"),
        ("０２７１ 890900", "0271 890900", "+62271890900"),
        ("", "", ""),
    ],
)
def test_a_telephone_stays_as_the_office_writes_it(typed: str, written: str, dialled: str) -> None:
    if not written and typed:
        with pytest.raises(InvalidContact):
            read_office_phone(typed)
        return
    assert read_office_phone(typed) == written
    assert dialable(written) == dialled


@pytest.mark.parametrize("typed", ["12", "telepon kami", "0271;ext=5", "1" * 16, "0271/890900", "<b>0271890900</b>"])
def test_what_is_no_telephone_is_refused(typed: str) -> None:
    with pytest.raises(InvalidContact) as refused:
        read_office_phone(typed)
    assert refused.value.details["reason"] == "phone"


@pytest.mark.parametrize("typed", ["https://www.lapor.go.id", "https://antrean.example/a?b=c#d", " https://a.id "])
def test_a_page_may_lead_to_https(typed: str) -> None:
    assert read_web_address(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "http://www.lapor.go.id",
        "www.lapor.go.id",
        "javascript:alert(1)",
        "https://",
        "https://localhost",
        "https://user:secret@a.id",
        "https://a.id/a b",
        "https://[a.id",
        "https://a.id/" + "a" * 300,
    ],
)
def test_other_addresses_are_refused(typed: str) -> None:
    with pytest.raises(InvalidContact) as refused:
        read_web_address(typed)
    assert refused.value.details["reason"] == "address"


def test_how_they_are_shown() -> None:
    assert written_mobile("+6281234567890") == "0812 3456 7890"
    assert channel_name("https://www.lapor.go.id/x") == "SP4N-LAPOR! (lapor.go.id)"
    assert channel_name("https://lapor.sragen.example") == "lapor.sragen.example"
