"""Well-meaning people who wander through the pages: open one, fill a form of it in rightly, see where it leads.

What is filled in is valid by its field; whether the hour allows it the product decides.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from tests.harness.factories import make_nik
from tests.web.attackers import Attacker
from tests.web.crawling import SITE, relative
from tests.web.found_forms import Form, Page, plausible, without_ids
from tests.web.hostile import encode, query_names

NAMES = ("Siti Wahyuni", "Nur'aini", "Budi Santoso, S.H.", "I Gusti Ayu Putu-Dewi", "Y", "José Müller", "R. A. Kartini")
TEXTS = ("Uji coba", "Sesuai jadwal kantor – gratis", "Rekam ulang (iris), 2½ jam", "Jl. Raya Sukowati No. 255, Sragen")
PHONES = ("0812-3456-7890", "+62 813 4567 8901", "081234567892")
LEADS_OUT = ("/petugas/keluar",)


class Wanderer:
    """Somebody in a role, with the addresses they have seen, a few of each kind."""

    def __init__(self, person: Attacker, addresses: Sequence[str], today: date, chance: random.Random) -> None:
        self._person, self._today, self._chance = person, today, chance
        self._kinds: dict[str, list[str]] = {}
        for address in addresses:
            self._remember(address)

    def step(self) -> None:
        """One to three requests: a page, a form on it filled in, and the page that it leads to."""
        chance = self._chance
        page = self._open(chance.choice(self._kinds[chance.choice(sorted(self._kinds))]))
        forms = [form for form in page.forms if not form.address.endswith(LEADS_OUT)] if page else []
        if not forms:
            return
        form = chance.choice(forms)
        body = encode(list(self.filled(form).items()))
        address = relative(form.address)
        if form.method == "get":
            self._open(f"{address.partition('?')[0]}?{body.decode()}")
            return
        answer = self._person.send("POST", address, body, "application/x-www-form-urlencoded")
        if answer.location:
            self._open(relative(answer.location))

    def filled(self, form: Form) -> dict[str, str]:
        """As often with what stands in it already as with something else that is valid."""
        return {
            name: value if value and self._chance.random() < 0.5 else self._value(name, value, form)
            for name, value in form.values.items()
        }

    def _value(self, name: str, value: str, form: Form) -> str:
        chance, kind = self._chance, form.kinds[name]
        if options := form.choices.get(name):
            return chance.choice(options)
        if kind in {"hidden", "submit", "button", "checkbox"}:
            return value or plausible(name, kind)
        if kind == "date" or "day" in name:
            return (self._today + timedelta(days=chance.randrange(60))).isoformat()
        if kind == "time":
            return f"{chance.randrange(7, 17):02d}:{chance.choice(['00', '30'])}"
        if kind == "number":
            return str(chance.randrange(1, 30))
        by_name = {
            "nik": make_nik(chance.randrange(9000)).digits,
            "phone": chance.choice(PHONES),
            "name": chance.choice(NAMES),
            "email": f"warga{chance.randrange(99)}@contoh.id",
        }
        found = next((fit for part, fit in by_name.items() if part in name.lower() and "user" not in name), None)
        return found or (chance.choice(TEXTS) if kind in {"text", "textarea"} else plausible(name, kind))

    def _open(self, address: str) -> Page | None:
        answer = self._person.send("GET", address)
        if answer.location:
            self._remember(relative(answer.location))
        if answer.mimetype != "text/html" or answer.status_code >= 400:
            return None
        page = Page(SITE + address, answer.text)
        for link in page.links:
            self._remember(relative(link))
        return page

    def _remember(self, address: str) -> None:
        if not address.startswith("/") or address.startswith(("/static", *LEADS_OUT)):
            return
        kind = f"{without_ids(urlsplit(address).path)}?{sorted(query_names(address))}"
        known = self._kinds.setdefault(kind, [])
        if address not in known:
            known.append(address)
            del known[:-6]  # the newest: old ones may lead to what is over
