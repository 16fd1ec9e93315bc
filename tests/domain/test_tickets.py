"""Booking codes that survive being read aloud, and tokens that nobody can forge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.tickets import (
    ALPHABET,
    TOKEN_LENGTH,
    new_booking_code,
    read_code,
    read_token,
    show_code,
    show_number,
    ticket_token,
)

KEY = bytes(range(32))
ids = st.integers(0, 2**40 - 1)


@given(ids)
def test_a_token_is_read_back(ticket_id: int) -> None:
    token = ticket_token(ticket_id, KEY)
    assert len(token) == TOKEN_LENGTH
    assert set(token) <= set(ALPHABET)
    assert read_token(token, KEY) == ticket_id


@given(ids, st.integers(0, TOKEN_LENGTH - 1), st.integers(1, 31))
def test_one_changed_character_is_never_accepted(ticket_id: int, place: int, shift: int) -> None:
    token = ticket_token(ticket_id, KEY)
    other = ALPHABET[(ALPHABET.index(token[place]) + shift) % 32]
    assert read_token(token[:place] + other + token[place + 1 :], KEY) is None


def test_of_the_spellings_of_the_last_character_only_one_is_accepted() -> None:
    """170 bits are written for 168: the two left over must be zero."""
    token = ticket_token(7, KEY)
    assert [end for end in ALPHABET if read_token(token[:-1] + end, KEY) is not None] == [token[-1]]
    assert ALPHABET.index(token[-1]) % 4 == 0


@given(ids, st.binary(min_size=16, max_size=32).filter(lambda key: key != KEY))
def test_another_key_accepts_nothing(ticket_id: int, key: bytes) -> None:
    assert read_token(ticket_token(ticket_id, KEY), key) is None


@given(ids, ids)
def test_the_parts_of_two_tokens_make_no_third(one: int, other: int) -> None:
    first, second = ticket_token(one, KEY), ticket_token(other, KEY)
    mixed = first[:26] + second[26:]
    assert read_token(mixed, KEY) in ({one, other} if mixed in (first, second) else {None})


def test_neighbours_do_not_show_their_order() -> None:
    """A ticket must not tell how many there are: nothing of the id is readable."""
    tokens = [ticket_token(number, KEY) for number in range(1, 200)]
    for place in range(TOKEN_LENGTH - 1):
        assert len({token[place] for token in tokens}) > 8


@given(ids)
def test_it_is_read_as_people_and_scanners_write_it(ticket_id: int) -> None:
    token = ticket_token(ticket_id, KEY)
    look_alikes = token.replace("0", "O").replace("1", "I")
    for typed in (
        token.lower(),
        look_alikes,
        token.replace("1", "l").lower(),
        f"  {token}\r\n",
        "-".join(token[start : start + 4] for start in range(0, TOKEN_LENGTH, 4)),
        f"{token[:17]} {token[17:]}",
    ):
        assert read_token(typed, KEY) == ticket_id


@given(st.text(max_size=60))
def test_any_other_text_is_no_token(typed: str) -> None:
    assert read_token(typed, KEY) is None


@pytest.mark.parametrize(
    "typed", ["", "U" * TOKEN_LENGTH, "0" * TOKEN_LENGTH, "0" * (TOKEN_LENGTH + 1), "٠" * TOKEN_LENGTH]
)
def test_things_shaped_like_a_token_are_none(typed: str) -> None:
    assert read_token(typed, KEY) is None


def test_a_booking_code_is_read_as_it_is_typed() -> None:
    code = new_booking_code()
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    assert read_code(code) == read_code(show_code(code)) == read_code(f" {show_code(code).lower()} ") == code
    assert show_code("7KX92MQA") == "7KX9-2MQA"
    assert read_code("o1l0 Il-0O") == "01101100"
    assert read_code("\u200e７ＫＸ９-２ＭＱＡ\ufeff") == read_code("٧KX9-2MQA") == "7KX92MQA"  # as it was pasted


@pytest.mark.parametrize(
    "typed", ["", "7KX9-2MQ", "7KX9-2MQAA", "7KX9-2MQU", "7KX9_2MQA", "3314991703050001", "7KX9½MQA"]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_queue_numbers_keep_their_place_in_a_list() -> None:
    assert [show_number("A", number) for number in (1, 12, 123, 1234)] == ["A-001", "A-012", "A-123", "A-1234"]
