"""What is chosen for a reader from header, cookie and address, in whatever spelling they come."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_app.adapters.language import LANGUAGES
from queue_app.web.site.negotiation import (
    ENCODINGS,
    LONGEST,
    UNCOMPRESSED,
    Choice,
    accepted_encoding,
    accepted_language,
    choice_of,
)

text = st.text(st.characters(max_codepoint=255), max_size=80)  # as a server hands over what was sent


def environ(**values: str) -> dict[str, Any]:
    return {"REQUEST_METHOD": "GET", "PATH_INFO": "/bantuan", "QUERY_STRING": "", **values}


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", UNCOMPRESSED),
        ("br", "br"),
        ("BR", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZip", "gzip"),
        ("br;q=0", UNCOMPRESSED),
        ("br;Q=0.000", UNCOMPRESSED),
        ("br ; q = 0", UNCOMPRESSED),
        ("br;q=0, gzip", "gzip"),
        ("gzip;q=0.5, br;q=0.4", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", UNCOMPRESSED),
        ("*;q=0, gzip", "gzip"),
        ("identity, br;q=0.5", UNCOMPRESSED),
        ("identity;q=0, gzip", "gzip"),
        ("identity;q=0", UNCOMPRESSED),  # nothing that we have: better something than nothing
        ("br;q=of course", UNCOMPRESSED),
        ("br;q=2", UNCOMPRESSED),
        ("brotli, xbr", UNCOMPRESSED),
        ("br" + "," * LONGEST, UNCOMPRESSED),
    ],
)
def test_the_compression(header: str, chosen: str) -> None:
    assert choice_of(environ(HTTP_ACCEPT_ENCODING=header)).encoding == chosen


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "id"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("en-GB,id;q=0.1", "en"),
        ("id-ID, en;q=0.9", "id"),
        ("en, id", "en"),
        ("fr, en;q=0.1", "en"),
        ("en;q=0", "id"),
        ("en;q=0, *", "id"),
        ("id;q=0, *", "en"),
        ("en;q=0.5, *;q=0.8", "id"),
        ("jv", "id"),
        ("en" + "," * LONGEST, "id"),
    ],
)
def test_the_language_of_a_program(header: str, chosen: str) -> None:
    asked = environ(PATH_INFO="/api/v1/offices", HTTP_ACCEPT_LANGUAGE=header, HTTP_COOKIE="lang=en")
    assert choice_of(asked).language == chosen


@pytest.mark.parametrize(
    ("cookie", "chosen"),
    [
        ("lang=en", "en"),
        ('lang="en"', "en"),
        (r'lang="e\156"', "en"),
        ("queue=x; lang = en ;theme=dark", "en"),
        ("lang=en; lang=id", "en"),
        ("lang=id; lang=en", "id"),
        ('a="; lang=en; "', "id"),
        ("LANG=en", "id"),
        ("lang=EN", "id"),
        ("xlang=en", "id"),
        ("lang", "id"),
        ("lang=fr", "id"),
    ],
)
def test_the_language_of_a_cookie(cookie: str, chosen: str) -> None:
    assert choice_of(environ(HTTP_COOKIE=cookie)).language == chosen


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("lang=en", "en"),
        ("%6cang=e%6E", "en"),
        ("x=1&lang=en&lang=id", "en"),
        ("lang=fr&lang=en", ""),
        ("lang=&lang=en", ""),
        ("slang=en", ""),
        ("lang=\xff", ""),
    ],
)
def test_the_language_of_an_address(query: str, asked: str) -> None:
    choice = choice_of(environ(QUERY_STRING=query))
    assert (choice.asked, choice.sets_cookie) == (asked, bool(asked))
    assert not choice_of(environ(QUERY_STRING=query, HTTP_COOKIE=f"lang={asked}")).sets_cookie
    assert choice_of(environ(QUERY_STRING=query, REQUEST_METHOD="POST")).asked == ""


def test_it_is_chosen_once_for_a_request() -> None:
    asked = environ(HTTP_COOKIE="lang=en", HTTP_ACCEPT_ENCODING="br")
    first = choice_of(asked)
    asked.update(HTTP_COOKIE="lang=id", HTTP_ACCEPT_ENCODING="gzip")
    assert choice_of(asked) is first == Choice("en", "br", "", "en")


def test_people_read_the_description_of_the_api() -> None:
    for path, language in {"/api/v1/docs": "en", "/api/v1/offices": "id", "//api/v1/offices": "id"}.items():
        assert choice_of(environ(PATH_INFO=path, HTTP_COOKIE="lang=en")).language == language


@given(text, text, text, text, st.sampled_from(["/", "/api/v1/offices"]))
def test_whatever_is_sent_something_is_chosen(cookie: str, encoding: str, language: str, query: str, path: str) -> None:
    asked = environ(
        HTTP_COOKIE=f"lang={cookie}",
        HTTP_ACCEPT_ENCODING=encoding,
        HTTP_ACCEPT_LANGUAGE=language,
        QUERY_STRING=f"lang={query}",
        PATH_INFO=path,
    )
    choice = choice_of(asked)
    assert choice.language in LANGUAGES
    assert choice.encoding in {*ENCODINGS, UNCOMPRESSED}


def test_no_more_headers_are_remembered_than_a_country_has_browsers() -> None:
    for number in range(3000):
        accepted_encoding(f"br;q=0.{number}")
        accepted_language(f"en;q=0.{number}")
    for remembering in (accepted_encoding, accepted_language):
        assert remembering.cache_info().currsize <= 1024
