"""What the people of a town ask of its offices on an ordinary day: citizens, desks, counters, kiosks and displays."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scripts.benchmarks.people import Person
from tests.harness.factories import time_code
from tests.harness.surfer import Answer, Surfer

TICKET = re.compile(r"/t/([0-9A-Z]{34})")
RADIOS = re.compile(r'<input class="govuk-radios__input"[^>]*?value="(\d+)"([^>]*)>')
SERVICE = "ktp-rekam"
ADMIN_PAGES = ("jejak", "layanan", "kantor", "pesan", "cadangan", "libur", "penutupan", "petugas", "pelindungan-data")
DESK_PAGES = ("kedatangan", "hari-ini.json", "cari", "bantu", "telepon", "luring", "pindai")


class Clerk(Surfer):
    """Somebody who works at an office, and logs in again whenever the page asks for it."""

    def __init__(self, username: str, password: str, now: Callable[[], datetime], *surfing: Any) -> None:
        super().__init__(*surfing)
        self._known_as, self._now = {"username": username, "password": password}, now

    def get(self, address: str, **headers: str) -> Answer:
        answer = super().get(address, **headers)
        if "/petugas/masuk" not in answer.location:
            return answer
        answer = self.send(super().get("/petugas/masuk").form("/masuk"), **self._known_as) or answer
        self.send(answer.form("/masuk/kode"), time_code=time_code(self._now()))  # who has a second factor
        return super().get(address, **headers)


@dataclass
class OfficeOfTheTown:
    """One office with the people who work there; tickets that citizens hold, by the day they are for."""

    slug: str
    kiosk_token: str
    desk: Clerk
    counter: Clerk
    administrator: Clerk
    tickets: dict[str, list[str]] = field(default_factory=dict)
    breach: str = ""


@dataclass
class Town:
    port: int
    offices: list[OfficeOfTheTown]
    chance: random.Random
    password: str
    now: Callable[[], datetime]
    faults: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    serials: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def somebody(self) -> Surfer:
        return Surfer(self.port, self.faults, self.chance)

    def clerk(self, username: str) -> Clerk:
        return Clerk(username, self.password, self.now, self.port, self.faults, self.chance)

    def count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    # Citizens, at any hour

    def book(self) -> None:
        """The whole way from the first page to the ticket, its PDF and its calendar file."""
        office, surfer, person = self.chance.choice(self.offices), self.somebody(), Person(next(self.serials))
        at = f"/{office.slug}/{SERVICE}"
        for page in ("/", f"/{office.slug}", at):
            surfer.get(page)
        details = {"name": "Siti Wahyuni", "nik": person.nik, "phone": person.phone, "email": "", "recorded": "no"}
        answer = surfer.send(surfer.get(f"{at}/data").form("/data"), **details)
        choice = surfer.follow(answer) if answer else None
        days = [link for link in choice.links if "?hari=" in link and "/pilih" in link] if choice else []
        if not days:
            self.count("found no day")
            return
        page = surfer.get(self.chance.choice(days[:6]))
        form = page.form("/bookings")
        hours = [number for number, rest in RADIOS.findall(page.text) if "disabled" not in rest]
        if form is None or not hours:
            self.count("found no hour")
            return
        answer = surfer.send(form, slot_id=self.chance.choice(hours))
        found = TICKET.search(answer.location) if answer else None
        if found is None:
            self.count("was refused")
            return
        self.count("booked")
        ticket = surfer.follow(answer) if answer else None
        token, day = found[1], parse_qs(urlsplit(page.address).query)["hari"][0]
        office.tickets.setdefault(day, []).append(token)
        assert ticket is not None
        surfer.get(f"/t/{token}/tiket.pdf?kertas={self.chance.choice(['a4', '80', '58'])}")
        surfer.get(f"/t/{token}/kalender.ics")
        if self.chance.random() < 0.1:
            surfer.send(surfer.get(f"/t/{token}/batal").form("/batal"))
            self.count("cancelled")

    def look(self) -> None:
        """Somebody with a ticket looks at it again; others read."""
        office, surfer = self.chance.choice(self.offices), self.somebody()
        token = self._any_ticket(office)
        pages = ["/bantuan", "/privasi", f"/{office.slug}/{SERVICE}/hari", "/tiket-saya", "/api/v1/docs"]
        pages += [f"/t/{token}", f"/t/{token}/cetak", f"/t/{token}/ubah", f"/t/{token}/data"] if token else []
        surfer.get(self.chance.choice(pages), **{"Accept-Language": self.chance.choice(["id", "en"])})

    def ask_by_program(self, today: date) -> None:
        office = self.chance.choice(self.offices)
        until = today + timedelta(days=14)
        query = f"office={office.slug}&service=KTP_REKAM&from={today}&to={until}"
        self.somebody().get(f"/api/v1/availability?{query}", Accept="application/json")

    # In the office, while it is open

    def scan(self, today: date) -> None:
        """The desk scans a ticket of the day."""
        office = self.chance.choice(self.offices)
        tickets = office.tickets.get(today.isoformat())
        if not tickets:
            return self.kiosk()
        token = tickets.pop(self.chance.randrange(len(tickets)))
        answer = office.desk.send(office.desk.get("/meja/pindai").form("/meja/pindai"), code=token)
        self.count(f"scan answered {answer.status}" if answer else "no form to scan with")
        return None

    def kiosk(self) -> None:
        """A number without an appointment, from the machine in the hall."""
        office, surfer = self.chance.choice(self.offices), self.somebody()
        surfer.cookies["kiosk_device"] = office.kiosk_token
        at = f"/kiosk/{office.slug}"
        for page in (at, f"{at}/nomor"):
            surfer.get(page)
        page = surfer.get(f"{at}/nomor/{SERVICE}")
        form = next((form for form in page.page.forms if "nik" in form.values), None)
        form and setattr(form, "address", page.address)
        answer = surfer.send(form, nik=Person(next(self.serials)).nik)
        if answer and answer.location:
            self.count("number at the kiosk" if surfer.follow(answer).status == 200 else "no number at the kiosk")

    def serve(self) -> None:
        """A counter presses its next key."""
        office = self.chance.choice(self.offices)
        page = office.counter.get("/loket/")
        for key, values in (("/selesai", {"outcome": "done"}), ("/mulai", {}), ("/panggil", {}), ("/duduk", {})):
            if (form := page.form(key)) is not None:
                office.counter.send(form, **values)
                self.count(f"counter pressed {key}")
                return

    def watch(self) -> None:
        office = self.chance.choice(self.offices)
        self.somebody().get(self.chance.choice([f"/display/{office.slug}/now", f"/antrean/{office.slug}"]))

    def work_at_the_desk(self) -> None:
        office = self.chance.choice(self.offices)
        office.desk.get(f"/meja/{self.chance.choice(DESK_PAGES)}")

    def go_home(self) -> None:
        for office in self.offices:
            office.counter.send(office.counter.get("/loket/").form("/loket/keluar"))
            for clerk in (office.desk, office.counter, office.administrator):
                clerk.send(clerk.get("/petugas/").form("/petugas/keluar"))

    def administrate(self, today: date) -> None:
        office = self.chance.choice(self.offices)
        if self.chance.random() < 0.8:
            office.administrator.get(f"/admin/{self.chance.choice(ADMIN_PAGES)}")
        else:
            self._export(office, today)

    def _export(self, office: OfficeOfTheTown, today: date) -> None:
        """Everybody concerned by something that happened, as a table."""
        surfer = office.administrator
        if not office.breach:
            form = surfer.get("/admin/insiden/baru").form("/admin/insiden/baru")
            first, last = today.isoformat(), (today + timedelta(days=60)).isoformat()
            facts = {"happened": "Daftar tertinggal.", "noticed_on": first, "noticed_at": "06:00", "data": "name"}
            facts |= {"first_day": first, "last_day": last, "notice_id": "Daftar tertinggal.", "notice_en": ""}
            answer = surfer.send(form, **facts)
            office.breach = answer.location if answer else ""
        page = surfer.get(office.breach)
        kind = self.chance.choice(["csv", "json"])
        answer = surfer.send(page.form(f"/unduh/{kind}"))
        self.count(f"export as {answer.mimetype}" if answer else "no export")

    def _any_ticket(self, office: OfficeOfTheTown) -> str | None:
        tickets = [token for of_day in office.tickets.values() for token in of_day]
        return self.chance.choice(tickets) if tickets else None
