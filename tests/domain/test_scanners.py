"""Scanners that type: prefixes, capital letters and keyboard layouts, undone where only one reading can be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.domain.scanners import scanned_code, token_readings
from queue_app.domain.tickets import ALPHABET, read_token, ticket_token

KEY = bytes(range(32))
US = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ]"
# What a computer with another layout shows for the keys of a scanner that is set to the United States.
SHOWN = {
    "German": "1234567890ABCDEFGHIJKLMNOPQRSTUVWXZY*",
    "German, caps lock": '!"§$%&/()=abcdefghijklmnopqrstuvwxzy*',
    "French": "&é\"'(-è_çàQBCDEFGHIJKL?NOPARSTUVZXYW$",
    "French, small letters": "&é\"'(-è_çàqbcdefghijkl,noparstuvzxyw$",
    "French, caps lock on Windows": "1234567890qbcdefghijkl?noparstuvzxyw$",
    "Belgian": "&é\"'(§è!çàQBCDEFGHIJKL?NOPARSTUVZXYW$",
    "Czech": "+ěščřžýáíéABCDEFGHIJKLMNOPQRSTUVWXZY)",
}
# And the other way round: the scanner is set to France, the computer is not.
SET_TO_FRANCE = "!@#$%^&*()QBCDEFGHIJKL:NOPARSTUVZXYW]"
tokens = st.integers(0, 2**40 - 1).map(lambda number: ticket_token(number, KEY))


def found(typed: str) -> list[int]:
    read = (read_token(reading, KEY) for reading in token_readings(typed))
    return [number for number in read if number is not None]


@given(st.integers(0, 2**40 - 1), st.sampled_from([*SHOWN.values(), SET_TO_FRANCE]), st.sampled_from(["", "]Q1"]))
def test_a_token_is_read_in_every_layout(number: int, shown: str, prefix: str) -> None:
    typed = (prefix + ticket_token(number, KEY)).translate(str.maketrans(US, shown))
    assert found(typed) == [number]


@pytest.mark.parametrize(
    "around", ["{}", "]Q1{}", "]d2{}", "{}\t", " {} ", "QR:{}", "https://antrean.example/t/{}", "{}#"]
)
def test_what_stands_around_a_token_does_no_harm(around: str) -> None:
    token = ticket_token(7, KEY)
    assert found(around.format(token)) == found(around.format(token.lower())) == [7]


@given(tokens, st.integers(0, 33), st.integers(1, 31))
def test_a_wrong_token_is_genuine_in_no_layout(token: str, place: int, shift: int) -> None:
    other = ALPHABET[(ALPHABET.index(token[place]) + shift) % 32]
    # Where a layout swaps just this pair the token is not wrong, but read from another layout.
    swapped = {frozenset("YZ"), frozenset("AQ"), frozenset("ZW")}
    if frozenset((token[place], other)) not in swapped:
        assert found(token[:place] + other + token[place + 1 :]) == []


@given(st.text(max_size=80))
def test_nothing_that_is_typed_is_too_strange(text: str) -> None:
    assert found(text) == []
    assert scanned_code(text) is None or len(scanned_code(text) or "") == 8


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7KX9-2MQA", "7KX9 2MQA"),
        ("]Q17kx92mqa", "7KX9 2MQA"),
        ("èKX9éM", None),  # too short
        ("èKXçé?AQ", "7KX9 2MQA"),  # French: only one reading is a code
        ("7KY9-2MQA", "7KY9 2MQA"),  # might be German, but stands as it is: a person may have typed it
        ("éééééééé", None),  # French 2 or Czech 0: nobody knows
        ("", None),
    ],
)
def test_a_booking_code_is_read_otherwise_only_where_nothing_else_can_be_meant(typed: str, code: str | None) -> None:
    assert scanned_code(typed) == (code.replace(" ", "") if code else None)
