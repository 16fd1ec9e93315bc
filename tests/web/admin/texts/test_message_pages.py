"""The pages on which an administrator words the messages of the office."""

import pytest
from flask import Flask

from queue_app.domain.message_texts import OBLIGATORY, PLACES, read_message_text
from queue_app.domain.reminders import MessageKind
from queue_app.queries.texts.messages import own_texts
from queue_app.web.admin.texts.message_places import PLACE_WORDS, built_in, examples
from tests.harness.office import Visitor, World

LIST, PATH = "/admin/teks-pesan", "/admin/teks-pesan/reminder-day-before/id"
TEXT = {"subject": "Besok: {nomor}", "body": "Kode {kode}, {hari} {jam}, {kantor}.\n{nomor}\n{tautan}"}


def test_a_text_is_looked_at_stored_and_given_up(administrator: Visitor, world: World) -> None:
    assert administrator.get(LIST).text.count("teks bawaan</span>") == 2 * len(OBLIGATORY)
    looked = administrator.post(PATH, {**TEXT, "step": "preview"})
    assert looked.status_code == 200
    assert "Besok: A-012 (S. W.)" in looked.text
    assert TEXT["subject"] in looked.text
    assert own_texts(world.afresh(), world.here.id) == frozenset()
    assert administrator.post(PATH, {**TEXT, "step": "save"}).location == LIST
    assert own_texts(world.afresh(), world.here.id) == {(MessageKind.REMINDER_DAY_BEFORE, "id")}
    assert own_texts(world.session, world.there.id) == frozenset()
    assert "teks sendiri" in administrator.get(LIST).text
    assert "Pengingat H-1" in administrator.get("/admin/jejak").text
    assert "Kembali ke teks bawaan" in administrator.get(PATH).text
    assert administrator.post(PATH, {"step": "built_in"}).location == LIST
    assert own_texts(world.afresh(), world.here.id) == frozenset()


@pytest.mark.parametrize("step", ["preview", "save"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"subject": ""}, "Bagian ini harus diisi."),
        ({"body": TEXT["body"].replace("{kode}", "")}, "{kode} harus ada dalam isi pesan."),
        ({"body": TEXT["body"] + "\n{nik}"}, "Baris 4: {nik} tidak dikenal."),
        ({"subject": "{tautan}"}, "{tautan} terlalu panjang untuk baris judul."),
        ({"subject": "{kode"}, "Baris 1: kurung kurawal tidak berpasangan."),
        ({"body": TEXT["body"] + " 081234567890"}, "Jangan tulis NIK atau nomor HP"),
    ],
)
def test_what_was_typed_stays_when_it_is_refused(
    administrator: Visitor, change: dict[str, str], said: str, step: str
) -> None:
    answer = administrator.post(PATH, {**TEXT, **change, "step": step})
    assert answer.status_code == 422
    assert said in answer.text
    assert (change.get("body") or TEXT["body"]).splitlines()[0] in answer.text


def test_only_messages_that_may_be_worded_have_a_page(administrator: Visitor) -> None:
    for path in (f"{LIST}/breach/id", f"{LIST}/confirmation/jv", f"{LIST}/reminder_day_before/id"):
        assert administrator.get(path).status_code == 404


def test_every_place_has_words_and_an_example(app: Flask) -> None:
    with app.test_request_context():
        for kind, places in PLACES.items():
            assert OBLIGATORY[kind] <= set(places) <= set(PLACE_WORDS)
            for language in ("id", "en"):
                assert all(examples(kind, language, "Kantor", "WIT")[place] for place in places)
                text = built_in(kind, language)
                subject, body = text["subject"], text["body"]
                assert read_message_text(kind, subject, body) == (subject, body), "it could be stored as it is"
                for unsaid in ("GRATIS", "FREE", "…"):
                    assert unsaid not in body, (kind, language)
    assert PLACES.keys() == OBLIGATORY.keys()


@pytest.mark.parametrize(
    ("message", "shown"), [("day-closed", "/terima"), ("sent-home", "/batal"), ("day-opened", "tempatnya masih kosong")]
)
def test_what_is_offered_instead_is_seen_in_the_example(administrator: Visitor, message: str, shown: str) -> None:
    text = {"subject": "Tutup: {hari}", "body": "{nomor} {kode} {kantor} {hari} {jam}\n{sebab}\n{tawaran}"}
    looked = administrator.post(f"{LIST}/{message}/id", {**text, "step": "preview"})
    assert looked.status_code == 200
    assert shown in looked.text
    without = administrator.post(f"{LIST}/{message}/id", {**text, "body": text["body"].replace("{tawaran}", "")})
    assert without.status_code == 422
    assert "{tawaran} harus ada dalam isi pesan." in without.text
