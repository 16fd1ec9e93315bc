"""Made-up people and the requests they send: bytes built before the clock starts."""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

NO_DISTRICT = "331499"  # no kecamatan has this code, so nobody can have these numbers
ELDEST = date(1950, 1, 1)
A_DAY = 9999  # serials of one birth date


@dataclass(frozen=True)
class Person:
    serial: int

    @property
    def nik(self) -> str:
        born = ELDEST + timedelta(days=self.serial // A_DAY)
        return f"{NO_DISTRICT}{born:%d%m%y}{self.serial % A_DAY + 1:04d}"

    @property
    def phone(self) -> str:
        return f"0812{self.serial % 10**8:08d}"


@dataclass(frozen=True)
class Wish:
    """One POST for one place. The same ``key`` again is the same request repeated."""

    slot_id: int
    person: Person
    key: str


class Crowd:
    """People who come once each, whatever line they stand in."""

    def __init__(self, port: int, api_key: str) -> None:
        self._port = port
        self._api_key = api_key
        self._serial = itertools.count(1)

    def wishes(self, slots: Sequence[int], count: int) -> list[Wish]:
        """``count`` new people, spread evenly over the slots."""
        return [
            Wish(slots[number % len(slots)], Person(next(self._serial)), secrets.token_urlsafe(16))
            for number in range(count)
        ]

    def booking(self, wish: Wish) -> bytes:
        applicant = {"name": "Siti Wahyuni", "nik": wish.person.nik, "phone": wish.person.phone}
        return self._post(
            f"/api/v1/slots/{wish.slot_id}/bookings",
            {"applicant": applicant, "language": "id"},
            f"Idempotency-Key: {wish.key}\r\n",
        )

    def check_in(self, token: str, office: str) -> bytes:
        return self._post("/api/v1/check-ins", {"token": token, "office": office, "nonce": secrets.token_urlsafe(16)})

    def get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAccept: application/json\r\n\r\n".encode()

    def _post(self, path: str, content: object, fields: str = "") -> bytes:
        body = json.dumps(content).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nAuthorization: Bearer {self._api_key}\r\n{fields}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body
