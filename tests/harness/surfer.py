"""A browser without scripts: keeps cookies, reads the forms of pages and sends them filled in."""

from __future__ import annotations

import gzip
import http.client
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import brotli

from tests.web.found_forms import Form, Page

SITE = "http://127.0.0.1"


@dataclass(frozen=True)
class Answer:
    status: int
    address: str  # of the page, without host
    location: str
    mimetype: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def page(self) -> Page:
        return Page(SITE + self.address, self.text)

    @property
    def links(self) -> list[str]:
        """Those within the site, without it."""
        return [link.removeprefix(SITE) for link in self.page.links if link.startswith(SITE + "/")]

    def form(self, ending: str) -> Form | None:
        """The one whose address ends so."""
        return next((form for form in self.page.forms if urlsplit(form.address).path.endswith(ending)), None)


class Surfer:
    """Asks from an address of its own, as through a proxy. ``asked`` counts everybody's requests."""

    asked = 0

    def __init__(self, port: int, faults: list[str], chance: random.Random, accepts: str = "identity") -> None:
        self._port, self._faults, self._accepts = port, faults, accepts
        self._from = ".".join(["10", *(str(chance.randrange(1, 255)) for _ in range(3))])
        self.cookies: dict[str, str] = {}

    def get(self, address: str, **headers: str) -> Answer:
        return self.ask("GET", address, None, headers)

    def follow(self, answer: Answer) -> Answer:
        """To where it leads, once."""
        return self.get(answer.location) if answer.location else answer

    def send(self, form: Form | None, **values: str) -> Answer | None:
        """As somebody would fill it in, but for these values. None without a form: the page had none such."""
        if form is None:
            return None
        body = urlencode({**form.filled(), **values}).encode()
        return self.ask("POST", form.address.removeprefix(SITE), body, {"Content-Type": FORM})

    def ask(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"X-Forwarded-For": self._from, **({"Cookie": cookies} if cookies else {})}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(
                method, address.partition("#")[0], body, {**sent, **headers, "Accept-Encoding": self._accepts}
            )
            response = connection.getresponse()
            content = UNPACKED[response.headers.get("Content-Encoding", "identity")](response.read())
        finally:
            connection.close()
        Surfer.asked += 1
        for told in response.headers.get_all("Set-Cookie") or ():
            name, _, value = told.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.status >= 500:
            self._faults.append(f"{method} {address.partition('?')[0]} was answered {response.status}")
        location = (response.headers.get("Location") or "").removeprefix(f"{SITE}:{self._port}").removeprefix(SITE)
        kind = response.headers.get_content_type()
        return Answer(response.status, address, location, kind, content)


UNPACKED: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "deflate": zlib.decompress,
    "br": brotli.decompress,
}
FORM = "application/x-www-form-urlencoded"
