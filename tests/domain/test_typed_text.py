"""What people paste: nothing that nobody sees is left, and prose keeps its meaning."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.typed_text import cleaned, folded, means_none

DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069"
UNSEEN = DIRECTIONS + "\u200b\u200c\u200d\u2060\ufeff\u00ad\x00\x1b\x9f\u3164\ufe0f"
NOTHING = ["", " ", "-", "–", "—", "--", "－", "tidak ada", "Tidak Ada.", "NONE", "n/a", "\u200b-"]


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_nobody_sees_is_gone(sign: str) -> None:
    assert cleaned(f"{sign}33{sign}14{sign}") == folded(f"{sign}33{sign}14{sign}") == "3314"


def test_letters_and_digits_have_their_ordinary_width() -> None:
    assert cleaned("Ｓｉｔｉ\u3000０８１２－（３）") == "Siti 0812-(3)"
    assert cleaned("Jose\u0301") == "José"


def test_prose_keeps_its_lines_and_its_signs() -> None:
    text = "KTP-el ≥ 17 tahun\r\n½ hari\t(2 m², 30 °C) – “gratis”… №"
    assert cleaned(text) == text


def test_other_ends_of_lines_are_blanks() -> None:
    assert cleaned("satu\u2028dua\x85tiga\x0bempat") == "satu dua tiga empat"


def test_numbers_and_codes_are_plain_whatever_digits_they_were_typed_with() -> None:
    assert folded("𝟎𝟖１２٣٤५६") == "08123456"


@given(st.text())
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    once = cleaned(typed)
    assert cleaned(once) == once
    assert folded(folded(typed)) == folded(typed)
    assert not any(unicodedata.category(sign) in {"Cf", "Zl", "Zp"} for sign in once)
    assert all(sign in "\t\n\r" for sign in once if unicodedata.category(sign) == "Cc")


@pytest.mark.parametrize(
    "typed", ["", " ", "-", "–", "—", "--", "－", "tidak ada", "Tidak Ada.", "NONE", "n/a", "\u200b-"]
)
def test_a_dash_or_words_mean_nothing(typed: str) -> None:
    assert means_none(typed)


@pytest.mark.parametrize("typed", ["siti@contoh.id", "-@contoh.id", "ada", "0"])
def test_anything_else_means_something(typed: str) -> None:
    assert not means_none(typed)
