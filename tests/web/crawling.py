"""Finds every page and form that somebody can reach, by links and well-meant submissions."""

from __future__ import annotations

from collections import Counter
from typing import Any, Protocol
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from tests.web.found_forms import Form, Page, without_ids
from tests.web.hostile import encode, query_names

SITE = "http://localhost"
FIRST = ("/", "/petugas/", "/petugas/masuk", "/kiosk/sragen", "/kiosk/sragen/daftar", "/meja/luring")


class Sender(Protocol):
    def send(self, method: str, address: str, body: bytes = b"", kind: str = "", **headers: str) -> TestResponse: ...


def crawl(attacker: Sender, pages_of_a_kind: int, *also: str) -> tuple[list[Form], list[str]]:
    """(forms, addresses), of each kind only a few."""
    forms: dict[Any, Form] = {}
    addresses: list[str] = []
    seen: Counter[str] = Counter()
    waiting: list[str | Form] = [*FIRST, *also]
    while waiting:
        target = waiting.pop(0)
        if isinstance(target, Form):
            body = encode(list(target.filled().items()))
            answer = attacker.send("POST", target.address, body, "application/x-www-form-urlencoded")
            address = target.address
        else:
            address = relative(target)
            kind = f"{without_ids(urlsplit(address).path)}?{sorted(query_names(address))}"
            if address in addresses or seen[kind] >= pages_of_a_kind or not address.startswith("/"):
                continue
            seen[kind] += 1
            addresses.append(address)
            answer = attacker.send("GET", address)
        if answer.location:
            waiting.append(answer.location)
        if answer.mimetype != "text/html":
            continue
        page = Page(SITE + address, answer.text)
        waiting += page.links
        for form in page.forms:
            form.address = relative(form.address)
            if form.key not in forms:
                forms[form.key] = form
                waiting += [form] if form.method == "post" else []
    return list(forms.values()), addresses


def relative(address: str) -> str:
    return address.removeprefix(SITE) or "/"
