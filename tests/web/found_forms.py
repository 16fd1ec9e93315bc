"""The links and forms of pages, as somebody well-meaning would fill them in."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.harness.factories import make_nik


class Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._address, self._select, self._textarea = address, "", ""
        self._named: dict[str, Form] = {}
        self._entered: set[str] = set()  # forms whose Enter key presses a button that stands before them
        self._elsewhere: list[tuple[str, dict[str, str]]] = []
        self.feed(text)
        for name, button in self._elsewhere:
            form = self._named.get(name) or Form("", "post")  # a list fetched on its own: its form is on the page
            leading = Form(urljoin(address, button["formaction"]), form.method, {**form.values}, {**form.kinds}, True)
            if button.get("name"):
                leading.offer(button["name"], button.get("value", ""), chosen=True, kind="button")
            self.forms.append(leading)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attributes}
        if tag in {"a", "link"} and "href" in got:
            self.links.append(urljoin(self._address, got["href"]))
        elif tag == "form":
            address = urljoin(self._address, got.get("action", ""))
            self.forms.append(Form(address, got.get("method", "get").lower()))
            self.forms[-1].goes_on = got.get("id") in self._entered
            self._named[got.get("id", "")] = self.forms[-1]
        elif "formaction" in got:  # a button that sends a form to an address of its own
            self._elsewhere.append((got.get("form", ""), got))
        elif tag == "button" and got.get("form") and not got.get("name"):
            self._entered.add(got["form"])
        elif self.forms and tag == "option":
            self.forms[-1].offer(self._select, got.get("value", ""), chosen="selected" in got)
        elif self.forms and tag == "button" and (self.forms[-1].goes_on or not got.get("name")):
            self.forms[-1].goes_on = True  # the Enter key presses the first one; a named one behind it leads elsewhere
        elif self.forms and got.get("name"):
            if tag == "select":
                self._select = got["name"]
            elif tag in {"input", "textarea", "button"}:
                plain = got.get("type") not in {"radio", "checkbox"} or "checked" in got
                self.forms[-1].offer(got["name"], got.get("value", ""), chosen=plain, kind=got.get("type", tag))


@dataclass
class Form:
    address: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    goes_on: bool = False
    choices: dict[str, list[str]] = field(default_factory=dict)  # what a list or row of buttons offers

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Alike for the same form on another row of a list."""
        names = sorted({without_ids(name, "-") for name in self.values})
        return without_ids(urlsplit(self.address).path), self.method, tuple(names)

    def offer(self, name: str, value: str, *, chosen: bool, kind: str = "option") -> None:
        self.kinds.setdefault(name, kind)
        if kind in {"option", "radio"}:
            self.choices.setdefault(name, []).append(value)
        if name and (chosen or name not in self.values):
            self.values[name] = value

    def filled(self) -> dict[str, str]:
        """As a well-meaning person would fill it in: what stands in it already, else something of its kind."""
        return {name: value or plausible(name, self.kinds[name]) for name, value in self.values.items()}


def without_ids(text: str, separator: str = "/") -> str:
    """``/t/#/ubah`` of ``/t/0GR4…/ubah``."""
    return separator.join("#" if any(map(str.isdigit, part)) else part for part in text.split(separator))


def plausible(name: str, kind: str) -> str:
    name = name.lower()
    by_name = {
        "nik": make_nik(random.Random(name).randrange(9000)).digits,
        "phone": "081234567890",
        "email": "warga@contoh.id",
        "user": "petugas.baru",
        "password": "kata-sandi-uji-coba",
        "code": "7KX92MQA",
        "day": "2026-12-24",
        "from": "2026-12-24",
        "recorded": "no",
    }
    by_kind = {"date": "2026-12-24", "time": "08:00", "number": "3", "checkbox": "y"}
    return next((value for part, value in by_name.items() if part in name), by_kind.get(kind, "Uji coba"))


def endpoint_of(app: Flask, address: str) -> str | None:
    try:
        return app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")[0]
    except HTTPException:
        return None
