"""What staff type into the one search field, and what is looked for then."""

import pytest

from queue_app.domain.errors import DomainError
from queue_app.domain.finding import Sought, name_matches, read_search
from queue_app.domain.tickets import read_token, ticket_token

KEY = b"k" * 32
TOKEN = ticket_token(4711, KEY)


def read(typed: str):
    return read_search(typed, lambda text: read_token(text, KEY))


@pytest.mark.parametrize(
    "typed", [TOKEN, TOKEN.lower(), f" {TOKEN}\n", f"]Q1{TOKEN}", f"https://antrean.example/t/{TOKEN}"]
)
def test_a_scanned_or_pasted_ticket(typed: str) -> None:
    assert (read(typed).kind, read(typed).ticket_id) == (Sought.TICKET, 4711)


@pytest.mark.parametrize(
    ("typed", "letter", "number"),
    [("A-024", "A", 24), ("a24", "A", 24), ("A–024", "A", 24), ("a 024", "A", 24), ("24", "", 24), ("0024", "", 24)],
)
def test_a_queue_number(typed: str, letter: str, number: int) -> None:
    search = read(typed)
    assert (search.kind, search.letter, search.number) == (Sought.NUMBER, letter, number)


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("7KX9-2MQA", Sought.CODE, "7KX92MQA"),
        ("7kx92mqa", Sought.CODE, "7KX92MQA"),
        ("12345678", Sought.CODE, "12345678"),
        ("3314 9917 0305 0001", Sought.NIK, "3314991703050001"),
        ("３３１４９９１７０３０５０００１", Sought.NIK, "3314991703050001"),
        ("0812-3456-7890", Sought.PHONE, "+6281234567890"),
        ("+62 812 3456 7890", Sought.PHONE, "+6281234567890"),
        ("81234567890", Sought.PHONE, "+6281234567890"),
    ],
)
def test_each_other_kind(typed: str, kind: Sought, text: str) -> None:
    assert (read(typed).kind, read(typed).text) == (kind, text)


@pytest.mark.parametrize(("typed", "name"), [("Siti  Wahyuni", "siti wahyuni"), ("nur'aini", "nuraini")])
def test_a_name(typed: str, name: str) -> None:
    assert (read(typed).kind, read(typed).name) == (Sought.NAME, name)


def test_eight_letters_may_be_a_code_or_a_name() -> None:
    assert (read("Hermanto").text, read("Hermanto").name) == ("HERMANT0", "hermanto")
    assert (read("Ma'rifah").text, read("Ma'rifah").name) == ("MQ4R1FQH", "marifah")  # as a French keyboard has it
    assert not read("7KX92MQA").name


@pytest.mark.parametrize(
    ("typed", "code", "reason"),
    [
        ("", "invalid_search", "empty"),
        ("  ", "invalid_search", "empty"),
        ("ab", "invalid_search", "short"),
        ("💳💳💳", "invalid_search", "short"),
        ("12345", "invalid_search", "figures"),
        ("1234567890", "invalid_search", "figures"),
        ("331499170305000", "invalid_nik", "length"),
        ("33149917030500011", "invalid_nik", "length"),
        ("3314994513900001", "invalid_nik", "birth_date"),
        ("x" * 300, "invalid_search", "unreadable"),
        ("x" * 150, "invalid_search", "unreadable"),
    ],
)
def test_what_cannot_be_looked_for_is_said(typed: str, code: str, reason: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read(typed)
    assert (refusal.value.code, refusal.value.details["reason"]) == (code, reason)


@pytest.mark.parametrize("typed", ["siti", "wahy", "wahyuni siti", "SITI WAH", "nur"])
def test_a_name_is_found_by_the_beginnings_of_its_words(typed: str) -> None:
    assert name_matches("Siti Nur'aini Wahyúni", read(typed).name.split())


@pytest.mark.parametrize("typed", ["ahyuni", "siti budi", "aini"])
def test_and_not_by_their_middle(typed: str) -> None:
    assert not name_matches("Siti Nur'aini Wahyuni", read(typed).name.split())
