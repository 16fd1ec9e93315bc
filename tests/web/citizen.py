"""Somebody who books: goes through the pages as a browser without scripts does."""

import re
from dataclasses import dataclass, field
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SERVICE = "/sragen/ktp-rekam"
DETAILS = {
    "name": "Siti Wahyuni",
    "nik": "3314 9917 0305 0001",
    "phone": "0812-3456-7890",
    "email": "siti@contoh.id",
}
NIK, PHONE = "3314991703050001", "81234567890"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no {name} in the page"
    return found.group(1)


def slots_on(page: str) -> dict[int, bool]:
    """The radios in their order: id of the slot, and whether it can be chosen."""
    radios = re.findall(r'<input class="govuk-radios__input"[^>]*?value="(\d+)"([^>]*)>', page)
    return {int(slot): "disabled" not in rest for slot, rest in radios}


def text_of(page: str) -> str:
    """What a reader sees, with white space collapsed."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@dataclass
class Citizen:
    """Keeps every answer, to see afterwards what stood in the addresses."""

    client: FlaskClient
    service: str = SERVICE
    answers: list[TestResponse] = field(default_factory=list)

    def get(self, path: str) -> TestResponse:
        return self._seen(self.client.get(path))

    def post(self, path: str, **values: object) -> TestResponse:
        token = hidden(self.client.get("/tiket-saya").text, "csrf_token")
        return self._seen(self.client.post(path, data={"csrf_token": token, **values}))

    def give_details(self, **changes: str) -> TestResponse:
        return self.post(f"{self.service}/data", **{**DETAILS, **changes})

    def days(self, query: str = "") -> TestResponse:
        return self.get(f"{self.service}/pilih{query}")

    def choice(self, day: str = "") -> TestResponse:
        """The hours of a day: of the first that can be chosen, or of ``2026-11-25``. The days, if none can be."""
        answer = self.days(f"?hari={day}" if day else "")
        first = re.search(r'<a class="day-list__day" href="([^"]+)"', answer.text)
        return self.get(unescape(first[1])) if first and not day else answer

    def claim(self, slot_id: int | None, *, page: str | None = None, in_address: bool = False) -> TestResponse:
        """Press the button of the choice; ``page`` is an older copy of it."""
        page = page or self.choice().text
        form = {name: hidden(page, name) for name in ("offering", "request_key", "details") if f'name="{name}"' in page}
        if (day := re.search(r'name="hari" value="([^"]+)"', page)) is not None:
            form["hari"] = day[1]
        if in_address:
            return self.post(f"/slots/{slot_id}/bookings", **form)
        return self.post("/bookings", **form, **({"slot_id": slot_id} if slot_id else {}))

    def book(self, **changes: str) -> str:
        """The whole way; gives the path of the ticket."""
        assert self.give_details(**changes).status_code == 303
        slot_id = next(slot for slot, free in slots_on(self.choice().text).items() if free)
        answer = self.claim(slot_id)
        assert answer.status_code == 303, text_of(answer.text)
        return answer.location

    def _seen(self, answer: TestResponse) -> TestResponse:
        self.answers.append(answer)
        return answer

    def addresses(self) -> str:
        """Every address asked for or sent to."""
        asked = [answer.request.url for answer in self.answers]
        return " ".join(asked + [answer.location for answer in self.answers if answer.location])
