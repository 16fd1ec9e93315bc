"""Whole requests as an attacker or a broken program makes them: method, address, headers and body, each in odd ways."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

from tests.web.found_forms import Form
from tests.web.hostile import HEADERS, PATHS, TEXTS, bodies, encode

METHODS = (
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "BREW",
    "get",
    "-",
)
MORE_HEADERS: tuple[dict[str, str], ...] = (
    *HEADERS,
    {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"},
    {"Accept": "a" * 5000},
    {"Accept-Language": "id-" + "x" * 3000 + ";q=2"},
    {"Accept-Language": "en-US-u-nu-arab, *;q=0.5, ;;q=,"},
    {"Accept-Encoding": "identity;q=0, *;q=0"},
    {"Accept-Encoding": "gzip;q=nan, br;q=1e400"},
    {"If-None-Match": "*", "If-Match": '"a", W/b, \xff'},
    {"If-Modified-Since": "Thu, 99 Jan 99999 99:99:99 GMT", "If-Range": "\xff"},
    {"If-Modified-Since": "Thu, 01 Jan 0001 00:00:00 +9999"},
    {"Range": "bytes=" + "0-1," * 2000},
    {"Range": "bytes=99999999999999999999-"},
    {"Host": "evil.example"},
    {"Host": "[::1"},
    {"Host": "a..b:99999999"},
    {"Host": ""},
    {"X-Forwarded-Host": "evil.example, \xff", "X-Forwarded-Proto": "javascript", "X-Forwarded-Port": "NaN"},
    {"X-Forwarded-For": "999.1.1.1, ::ffff:300.1.1.1, [::1", "Forwarded": 'for="_\xff;;"'},
    {"X-Forwarded-Prefix": "//evil.example", "X-Script-Name": "/../"},
    {"X-Request-Id": "x\ty" + "z" * 3000},
    {"X-HTTP-Method-Override": "DELETE", "Content-Encoding": "gzip"},
    {"Authorization": "Bearer \xff\xfe"},
    {"Authorization": "Basic " + "=" * 3000},
    {"Idempotency-Key": "\xff" * 300, "Ticket-Token": "\x01"},
    {"Cookie": "; ".join(f"a{number}=b" for number in range(500))},
    {"Cookie": 'queue="\\303\\050"; lang="\\377'},
    {"Expect": "200-maybe", "Upgrade": "websocket", "Connection": "upgrade, x-forwarded-for"},
    {"Origin": "https://evil.example", "Referer": "http://[::1"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "\xff"},
)
KINDS = (
    "application/json; charset=utf-16",
    "application/json; charset=no-such",
    "application/problem+json",
    "application/x-www-form-urlencoded; charset=\xff",
    "multipart/form-data; boundary=" + "e" * 5000,
    'multipart/form-data; boundary="\\"',
    "multipart/mixed; boundary=edge",
    "text/html",
    ";;;===",
)
FORM = "application/x-www-form-urlencoded"
DATES = ("0000-00-00", "9999-12-31", "10000-01-01", "0001-01-01T00:00:00+14:00", "2026-11-23T09:00:00+99:99")
ODD_VALUES: tuple[object, ...] = (
    *(None, True, -1, 0, 10**400, 1.5, 1e308, "", "\x00", "\ud800", "a\u202e\u200b", "x" * 20_000, [], {}, [[]]),
    *DATES,
    {"a": {"b": [None]}},
)
ODD_PIECES = (
    "%2e%2e/",
    "%00",
    "%",
    "//",
    ";a=b",
    "%5c",
    "%0d%0aX:%20y",
    "?",
    "%ff",
    "%c0%af",
    "x" * 9000,
    "/./",
    "%252e",
)


@dataclass(frozen=True)
class Hostile:
    method: str
    address: str
    body: bytes = b""
    kind: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class Malice:
    """Makes them out of what is known of the site: addresses, forms, and the names of parameters."""

    def __init__(self, addresses: Sequence[str], forms: Sequence[Form], names: Sequence[str], seed: int) -> None:
        self._addresses, self._forms, self._names = sorted(addresses), forms, sorted(names)
        self._chance = random.Random(seed)

    def request(self, programs_only: bool = False) -> Hostile:
        chance = self._chance
        forms = [form for form in self._forms if form.method == "post"]
        address = chance.choice(self._addresses)
        method, body, kind = "GET", b"", ""
        if programs_only or chance.random() < 0.15:
            method, (body, kind) = "POST", self._json()
        elif forms and chance.random() < 0.6:
            form = chance.choice(forms)
            address, method = form.address, "POST"
            body, kind = self._filled_in(form)
        if chance.random() < 0.3:
            address = self._bent(address)
        if chance.random() < 0.3 and "?" not in address[-20:]:
            address += ("&" if "?" in address else "?") + self._query()
        if chance.random() < 0.15:
            method = chance.choice(METHODS)
        if chance.random() < 0.1:
            kind = chance.choice(KINDS)
        headers = chance.choice(MORE_HEADERS) if chance.random() < 0.4 else {}
        return Hostile(method, address, body, kind, headers)

    def by(self, method: str, address: str) -> Hostile:
        """That one, with something hostile in everything else."""
        body, kind = (
            self._json() if address.startswith("/api/") else (encode([("nonce", self._chance.choice(TEXTS))]), FORM)
        )
        return Hostile(method, address, body, kind, self._chance.choice(MORE_HEADERS))

    def _filled_in(self, form: Form) -> tuple[bytes, str]:
        """One or two fields hostile among well-meant ones, now and then all of them; in some wrapping."""
        chance, filled = self._chance, form.filled()
        bad = set(chance.sample(sorted(filled), min(len(filled), chance.choice([1, 1, 2, 99]))))
        values: list[tuple[str, str | bytes]] = [
            (name, chance.choice((*TEXTS, *DATES)) if name in bad else value) for name, value in filled.items()
        ]
        if chance.random() < 0.1:
            values += [("", ""), ("unasked", "x"), *values]
        wrappings = list(bodies(values, chance))
        return wrappings[0] if chance.random() < 0.7 else chance.choice(wrappings[1:])

    def _json(self) -> tuple[bytes, str]:
        chance = self._chance
        odd = [chance.choice(ODD_VALUES) for _ in range(4)]
        applicant = {"name": odd[0], "nik": odd[1], "phone": odd[2], "\ud800": 1}
        kind = "application/json"
        shapes: list[bytes] = [
            json.dumps({"applicant": applicant, "language": odd[3]}).encode(),
            json.dumps({"applicant": [applicant] * 50}).encode(),
            json.dumps({"token": odd[0], "office": odd[1], "nonce": odd[2], "at": odd[3]}).encode(),
            json.dumps({"entries": [{"nonce": odd[0], "code": odd[1], "at": odd[2], "admitted": odd[3]}] * 3}).encode(),
            json.dumps({"slot_id": odd[0]}).encode(),
            b'{"slot_id": 1, "slot_id": 2, "applicant": {"nik": 1}, "applicant": {"nik": "1", "nik": []}}',
            b"[" * chance.choice([50, 5000, 60_000]),
            b'{"a":' * 5000 + b"1" + b"}" * 5000,
            b'{"slot_id": ' + b"9" * 30_000 + b"}",
            b'{"slot_id": -1e-99999, "at": 1E+99999}',
            b'{"a": "\\ud800\\udc00\\udfff"}',
            "\ufeff{}".encode(),
            '{"slot_id": 1}'.encode("utf-16"),
            b'{"a": NaN, "b": -Infinity}',
            b"{'a': 1,}",
            b'{"a": "\x00\x1f"}',
            b"",
        ]
        return chance.choice(shapes), kind

    def _bent(self, address: str) -> str:
        chance = self._chance
        path, mark, query = address.partition("?")
        parts = path.split("/")
        where = chance.randrange(1, len(parts)) if len(parts) > 1 else 0
        if chance.random() < 0.6:
            parts[where] = quote_from_bytes(chance.choice(PATHS), safe="/")
        else:
            parts[where] += chance.choice(ODD_PIECES)
        return "/".join(parts) + mark + query

    def _query(self) -> str:
        chance = self._chance
        if chance.random() < 0.1:
            return "&".join(["a=1"] * 3000)
        texts = [text for text in TEXTS if len(text) < 2000]
        values = [
            (name, chance.choice((*texts, *DATES))) for name in chance.sample(self._names, min(3, len(self._names)))
        ]
        return encode(values).decode() + chance.choice(["", "&&==&", "&%zz=%&;", "&a[]=1&a[]=2", "&%ff=%fe"])
