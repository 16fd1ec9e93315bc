"""Names, initials, and what looks like personal data in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.identity import has_digits, holds_personal_number, initials, parse_name
from queue_app.domain.typing_errors import InvalidName


def test_a_name_is_trimmed_and_composed() -> None:
    assert parse_name("  Siti \t Nur\n Wahyuni ") == "Siti Nur Wahyuni"
    assert parse_name("Jose\u0301") == "José"
    assert parse_name("H. M. Ali, S.H.") == "H. M. Ali, S.H."
    assert parse_name("O" * 100) == "O" * 100


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sukarno", "Sukarno"),
        ("Nur'aini", "Nur'aini"),
        *((f"Nur{apostrophe}aini", "Nur'aini") for apostrophe in "’‘`´ʼʻʾʿ′‛＇"),
        ("Dr. H. Ahmad (Alm.), S.Pd., M.M.", "Dr. H. Ahmad (Alm.), S.Pd., M.M."),
        ("I Gusti Ayu–Putu", "I Gusti Ayu-Putu"),
        ("M. Ali alias “Ali” / Lie", 'M. Ali alias "Ali" / Lie'),
        ("\u202aSiti\u202c\u200b Wahyuni\ufeff", "Siti Wahyuni"),  # as chats and PDFs give it
        ("Siti\u00a0Wahyuni\x00", "Siti Wahyuni"),
        ("Ｓｉｔｉ\u3000Ｗａｈｙｕｎｉ", "Siti Wahyuni"),
        ("𝐒𝐢𝐭𝐢 ﬁtri Ⅲ", "Siti fitri III"),
        ("Oetari née Ælfgifu", "Oetari née Ælfgifu"),
        ("ꦱꦶꦠꦶ", "ꦱꦶꦠꦶ"),  # Javanese: its vowels are marks
    ],
)
def test_a_name_is_kept_as_documents_write_it(typed: str, kept: str) -> None:
    assert parse_name(typed) == parse_name(kept) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        (" \u200b\u3164 ", "empty"),
        ("...", "letters"),
        ("-", "letters"),
        ("12", "letters"),
        ("3314991703050001", "number"),
        ("Siti 3314 9917 0305 0001", "number"),
        ("Siti ０８１２３４５６７８９０", "number"),
        ("Siti 2", "digits"),
        ("Siti²", "digits"),
        ("Siti ٢", "digits"),
        ("O" * 101, "long"),
        ("siti@contoh.id", "marks"),
        ("Siti 🌸", "marks"),
        ("Siti*", "marks"),
        ("<b>Siti", "marks"),
        ("Siti\ud800", "marks"),
        ("Siti\ue000", "marks"),
    ],
)
def test_what_is_no_name_is_refused_for_its_true_reason(typed: str, reason: str) -> None:
    with pytest.raises(InvalidName) as refusal:
        parse_name(typed)
    assert refusal.value.details["reason"] == reason


def test_digits_are_taken_when_the_card_has_them_but_never_a_number_of_a_person() -> None:
    """Earlier names stay valid, also those with digits: Permendagri 73/2022."""
    assert parse_name("Siti 2 Wahyuni", confirmed=True) == "Siti 2 Wahyuni"
    assert has_digits("Siti 2")
    assert not has_digits("Siti II")
    for typed in ("Siti 3314991703050001", "Siti 081234567890", "12"):
        with pytest.raises(InvalidName):
            parse_name(typed, confirmed=True)


@given(st.text(max_size=120))
def test_any_text_is_a_name_or_refused(typed: str) -> None:
    try:
        name = parse_name(typed, confirmed=True)
    except InvalidName:
        return
    assert 0 < len(name) <= 100
    assert parse_name(name, confirmed=True) == name
    assert initials(name) != "–"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Siti Wahyuni", "S. W."),
        ("siti", "S."),
        ("'Aisyah binti (Alm.) Umar", "A. B. A. U."),
        ("ʻAisyah ’Umar `Ali ʼId", "A. U. A. I."),
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
