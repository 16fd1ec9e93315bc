"""The form that grows with a family: persons are added and removed, and each slip names its person."""

import base64
import json
import re

import pytest

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.identity import NAME_MAX
from tests.harness.factories import make_nik
from tests.web.citizen import DETAILS, SERVICE, Citizen, hidden, text_of
from tests.web.public.booking.family import BROWSERS_LIMIT, FAMILY, PATH, others

pytestmark = pytest.mark.offering(capacity=4)


def test_persons_are_added_and_removed_without_scripts_and_nothing_typed_is_lost(citizen: Citizen) -> None:
    one = citizen.get(PATH).text
    assert "Orang ke-" not in one
    assert one.index('name="nik"') < one.index('name="add"') < one.index('name="phone"')
    two = citizen.post(PATH, **DETAILS, add="1").text
    typed = {**DETAILS, **others(("Budi", "12"))}
    assert re.search(r'name="others-0-name"[^>]*autofocus', two)  # where the next letters belong
    assert "Kesalahan:" not in two  # nothing was sent yet that could be wrong
    three = citizen.post(PATH, **typed, add="1").text
    for name, value in typed.items():
        assert hidden(three, name) == value, name
    assert 'name="others-1-name"' in three
    fewer = citizen.post(PATH, **typed, **{"others-1-name": "Ani", "others-1-nik": ""}, remove="2").text
    assert hidden(fewer, "others-0-name") == "Ani"
    assert 'name="others-1-name"' not in fewer
    without_first = citizen.post(PATH, **typed, remove="1").text
    assert (hidden(without_first, "name"), hidden(without_first, "nik")) == ("Budi", "12")
    assert "Orang ke-" not in without_first
    assert "Set-Cookie" not in citizen.answers[-1].headers or "draft-" not in citizen.answers[-1].headers["Set-Cookie"]


def test_at_most_five_whatever_is_sent(citizen: Citizen) -> None:
    five = others(*((f"Orang {letter}", "") for letter in "ABCD"))
    page = citizen.post(PATH, **DETAILS, **others(*(("X", "") for _ in range(3))), add="1").text
    assert 'name="others-3-name"' in page
    assert 'name="add"' not in page
    assert "Paling banyak 5 orang" in page
    page = citizen.post(PATH, **DETAILS, **five, **{"others-4-name": "F", "others-99999-nik": "x"}, add="1").text
    assert 'name="others-4-name"' not in page
    for odd in ("others-²-name", "others-" + "9" * 5000 + "-name", "others-x-nik"):
        assert citizen.post(PATH, **DETAILS, **{odd: "x"}, add="1").status_code == 200
    for odd in ("0", "9", "x", "", "²"):
        assert 'name="others-1-name"' in citizen.post(PATH, **DETAILS, **FAMILY, remove=odd).text


def test_a_slip_names_the_person_and_leads_to_the_field(citizen: Citizen) -> None:
    wrong = {**FAMILY, "others-0-nik": "331499170305000"}
    answer = citizen.give_details(**wrong)
    assert answer.status_code == 422
    words = "Orang ke-2: NIK harus 16 angka, tetapi yang tertulis 15 angka"
    assert text_of(answer.text).count(words) == 2  # in the summary and at the field
    assert 'href="#others-0-nik"' in answer.text
    assert 'id="others-0-nik"' in answer.text
    assert hidden(answer.text, "others-1-name") == "Ani Lestari"
    answer = citizen.give_details(**{**FAMILY, "nik": "", "others-1-name": ""})
    assert "Orang ke-1: Tulis NIK orang yang akan datang." in text_of(answer.text)
    assert "Orang ke-3: Tulis nama lengkap orang yang akan datang." in text_of(answer.text)


def test_the_same_nik_twice_is_said_even_beside_another_slip(citizen: Citizen) -> None:
    answer = citizen.give_details(**{**FAMILY, "others-1-nik": "3314 9917 0305 0001"}, phone="1")
    assert answer.status_code == 422
    assert text_of(answer.text).count("Orang ke-3: NIK ini sama dengan NIK orang ke-1.") == 2
    assert 'href="#others-1-nik"' in answer.text
    assert 'href="#phone"' in answer.text


def test_five_names_of_the_longest_kind_fit_into_the_cookie(citizen: Citizen) -> None:
    widest = "𠮷" * NAME_MAX  # four bytes each
    email = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".id"
    people = others(*((widest, make_nik().digits) for _ in range(4)))
    answer = citizen.give_details(name=widest, email=email, **people)
    assert answer.status_code == 303
    cookies = [value for value in answer.headers.getlist("Set-Cookie") if value.startswith("draft-")]
    assert all(len(cookie.partition(";")[0]) < BROWSERS_LIMIT for cookie in cookies)
    assert hidden(citizen.get(PATH).text, "others-3-name") == widest


def test_a_draft_of_an_older_version_is_asked_for_again(citizen: Citizen, keyring: FileKeyring) -> None:
    old = json.dumps({"name": "Siti", "nik": make_nik().digits, "phone": "+62", "email": None, "until": 9e9})
    sealed = base64.urlsafe_b64encode(keyring.seal(old, bound_to="draft/1")).decode()
    citizen.client.set_cookie("draft-1", sealed, path=SERVICE)
    assert citizen.choice().location == PATH
