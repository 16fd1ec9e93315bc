"""What an attacker or a broken program sends."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote_from_bytes, urlsplit

from flask import Flask

from tests.harness.factories import make_nik

MARK = "hm7q9zk2"  # every piece of markup below carries it
MARKUP = (f"<script>{MARK}", f"<img src={MARK}", f'"{MARK}', f"'{MARK}", f"<b {MARK}")
PRODUCT = str(191 * 7_919_001)  # what a template would make of the multiplication

TEXTS: tuple[str | bytes, ...] = (
    *(f"{mark}>" for mark in MARKUP),
    f'"><svg onload={MARK}>',
    "{{191*7919001}}",
    "{% include 'base.html' %}${191*7919001}#{191*7919001}%(name)s {0.__class__}",
    "%s%n%d%(minimum)s",
    "' OR '1'='1' --",
    "1; DROP TABLE ticket; --",
    "\x00",
    "abc\x00def",
    "".join(map(chr, range(1, 32))),
    "\x7f\x80\x9f\ufeff",
    "a\r\nSet-Cookie: hm7q9zk2=1",
    "\u202e\u202dSiti\u202c \u2066x\u2069 \u200b\u200f",
    "\ud800\udfff",
    "\udcff",
    b"\xff\xfe\xfd",
    b"\xc3\x28\xe2\x82",
    b"\xed\xa0\x80",
    "\U0010ffff\ufffe\uffff",
    "e\u0301" * 200,
    "Ǆﬀ½①٣४𝟘" * 5,
    "x" * 300,
    "x" * 20_000,
    "9" * 30_000,
    "-1",
    "0",
    "2147483648",
    "9223372036854775808",
    "1e400",
    "NaN",
    "Infinity",
    "0x10",
    "١٢٣",
    "1_000",
    "+5",
    " 5 ",
    "5.5",
    "",
    " ",
    "null",
    "true",
    "[]",
    '{"a": 1}',
    "../../../../etc/passwd",
    "//evil.example/",
    "https://evil.example/",
    "javascript:alert(1)",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "+10000-01-01",
    "24:00",
    "99:99",
    "23:59:59.999999999",
    "00:00+99:99",
    "a@b",
    f"{'a' * 65}@{'b.' * 130}id",
    "nama@exa mple.id",
    "+62" + "8" * 400,
    "331499170305000١",
    make_nik(1).digits,
    "081234567890",
    "7KX9-2MQA",
    "OIL-OIL-",
)

# What one database stores or compares, another refuses.
DATABASE_TEXTS: tuple[str | bytes, ...] = (
    "\x00",
    "abc\x00def",
    "\ud800\udfff",
    "\U0010ffff\ufffe\uffff",
    "e\u0301" * 200,
    "x" * 20_000,
    "2147483648",
    "9223372036854775808",
    "9999-12-31",
    "0001-01-01",
    "١٢٣",
    "' OR '1'='1' --",
)

PATHS = (
    b"\xff\xfe", b"\x00", b"a\x00b", b"%", b"..", b"../..", b"-1", b"0", b"99999999999999999999", b"2147483648", b"1.5",
    b"\xe2\x80\xae", b"\r\nX: y", b"<script>hm7q9zk2", b"'hm7q9zk2", b"{{191*7919001}}", b"x" * 3000, b" ",
    b"2026-02-30", b"9999-12-31", b"\xed\xa0\x80", b"sragen", b"NaN",
)  # fmt: skip
HEADERS: tuple[dict[str, str], ...] = (
    {"Accept": "application/json"},
    {"Accept": "text/html;q=x,*/*;q=-1,;;,"},
    {"Accept-Language": "en;q=hm,\xff, *"},
    {"Cookie": "lang=\xff%00; queue=.e30.x; staff_session=\xfe%00'; =; ;;"},
    {"Cookie": "queue=eyJhIjoxfQ.x.y; lang=../../en"},
    {"Referer": "javascript:hm7q9zk2", "Origin": "null"},
    {"If-None-Match": 'W/"\xff', "If-Modified-Since": "yesterday", "Range": "bytes=-1-9,x"},
    {"X-Forwarded-For": "<script>hm7q9zk2", "X-Forwarded-Proto": "gopher"},
    {"X-Requested-With": "XMLHttpRequest", "Accept-Encoding": "br;q=x, gzip;;"},
)


def encode(values: list[tuple[str, str | bytes]]) -> bytes:
    """As in an address or a form's body; lone surrogates and raw bytes go out as they are."""
    return b"&".join(_quote(name) + b"=" + _quote(value) for name, value in values)


def _quote(value: str | bytes) -> bytes:
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
    return quote_from_bytes(raw).encode()


def multipart(values: list[tuple[str, str | bytes]], chance: random.Random) -> tuple[bytes, str]:
    """A body in parts, whole or broken in one of several ways."""
    parts = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass"))
        for name, value in values
    )
    body = parts + b"--edge--\r\n"
    broken = [
        (body, "multipart/form-data; boundary=edge"),
        (body[: len(body) // 2], "multipart/form-data; boundary=edge"),
        (body, "multipart/form-data; boundary=other"),
        (body, "multipart/form-data"),
        (parts.replace(b"form-data;", b'form-data; filename="a.txt";'), "multipart/form-data; boundary=edge"),
        (body.replace(b"\r\n", b"\n"), "multipart/form-data; boundary=edge"),
        (body, "multipart/form-data; boundary=" + "e" * 500),
    ]
    return chance.choice(broken)


def bodies(values: list[tuple[str, str | bytes]], chance: random.Random) -> Iterator[tuple[bytes, str]]:
    """The same values in every wrapping: (body, content type)."""
    yield encode(values), "application/x-www-form-urlencoded"
    yield multipart(values, chance)
    odd: list[object] = [1, None, [], {}, 1.5, True, "\ud800", "\x00", [["a"]], 10**400]
    yield json.dumps({name: chance.choice(odd) for name, _ in values}).encode(), "application/json"
    kinds = ("application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-16", "a/b/c;;=")
    yield chance.choice([encode(values), b"[1]", b"{", b'"x"', b"\xff", b"&&==&;;%&%zz=%"]), chance.choice(kinds)


def query_names(address: str) -> set[str]:
    return {name for name, _ in parse_qsl(urlsplit(address).query)}


def hostile_paths(app: Flask, chance: random.Random) -> Iterator[str]:
    """Each route with a hostile piece in the place of each of its arguments."""
    for rule in app.url_map.iter_rules():
        pieces = rule.rule.split("<")
        if len(pieces) == 1:
            yield rule.rule + quote_from_bytes(chance.choice(PATHS), safe="")
            continue
        yield pieces[0] + "".join(
            quote_from_bytes(chance.choice(PATHS), safe="/") + piece.partition(">")[2] for piece in pieces[1:]
        )
