"""The answer to a scan as the desk reads it: a colour, a sign, a word, and what to tell and compare for each person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from queue_app.domain.arrivals import ADMITTING, UNDO_ADMISSION_WITHIN, IdentityResult, ScanResult
from queue_app.domain.keyring import Unreadable
from queue_app.queries.arrivals.scans import ScanFacts
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language, legible
from queue_app.web.site.language import lazy_gettext as _l

from .explanations import explanation, unbroken, window

OK, WAIT, STOP = "ok", "wait", "stop"
# Never colour alone: each tone has its own sign, sound and vibration, each result its own word.
TONES = {
    ScanResult.CHECKED_IN: (OK, "✓", _l("Hadir")),
    ScanResult.LATE: (WAIT, "✓", _l("Hadir, terlambat")),
    ScanResult.ALREADY: (WAIT, "!", _l("Sudah hadir")),
    ScanResult.TOO_EARLY: (WAIT, "!", _l("Terlalu awal")),
    ScanResult.WRONG_DAY: (STOP, "✕", _l("Salah hari")),
    ScanResult.WRONG_OFFICE: (STOP, "✕", _l("Salah kantor")),
    ScanResult.CANCELLED: (STOP, "✕", _l("Dibatalkan")),
    ScanResult.RESCHEDULED: (WAIT, "!", _l("Dipindah")),
    ScanResult.DAY_CLOSED: (STOP, "✕", _l("Ditutup kantor")),
    ScanResult.LOST: (WAIT, "!", _l("Asli, datanya hilang")),
    ScanResult.UNKNOWN: (STOP, "✕", _l("Tidak dikenal")),
}
TAKEN_BACK = (WAIT, "↶", _l("Diurungkan"))
NOT_THE_OWNER = (STOP, "✕", _l("Bukan orangnya"))
# What a party is told when its persons have different answers.
ALL_HERE = (WAIT, "✓", _l("Hadir"))
SOME_HERE = (WAIT, "!", _l("Hadir sebagian"))
NOBODY_HERE = (STOP, "✕", _l("Periksa tiap orang"))
HERE = ADMITTING | {ScanResult.ALREADY}

# Another person is the answer itself.
IDENTITY = {
    IdentityResult.MATCHES: _l("Identitas cocok ✓"),
    IdentityResult.TYPING_ERROR: _l("Salah ketik, diperbaiki di loket"),
}


@dataclass(frozen=True)
class PersonLine:
    """One person of the answer; an empty text is not shown. ``word`` and ``detail`` only where persons differ.

    ``identity`` says what the comparison with the document showed, ``identity_url`` is where it can be recorded,
    ``person_url`` the page on which everything else can be done for them.
    """

    number: str
    name: str
    nik: str
    word: str
    detail: str
    identity: str
    identity_url: str
    person_url: str


@dataclass(frozen=True)
class Answer:
    """Plain words for page and program alike; an empty text is not shown.

    ``scan_id`` is the first row of the scan. ``number`` and ``person`` stand for a single person, ``count`` for a
    party. ``everybody_url``: where one press says that all persons' documents match.
    """

    scan_id: int
    result: str
    tone: str
    sign: str
    word: str
    number: str
    count: str
    detail: str
    service: str
    person: str
    persons: tuple[PersonLine, ...]
    undo_url: str
    everybody_url: str


def answer(party: Sequence[ScanFacts], *, zone: str, now: datetime) -> Answer:
    """What to show for a scan of one person or of a whole party. ``zone`` is the desk's."""
    tone, sign, word = _together(party)
    details = [_detail(facts, zone) for facts in party]
    alike = len({_standing(facts) for facts in party}) == 1
    same_details = len(set(details)) == 1
    persons = tuple(
        _line(facts, word="" if alike else str(_standing(facts)[2]), detail="" if same_details else detail)
        for facts, detail in zip(party, details, strict=True)
        if facts.person
    )
    single = persons[0] if len(persons) == 1 else None
    to_compare = [line.identity_url for line in persons if line.identity_url]
    first = party[0]
    return Answer(
        scan_id=first.id,
        result=_result(first) if alike else "mixed",
        tone=tone,
        sign=sign,
        word=str(word),
        number=single.number if single else "",
        count=_("%(n)s orang") % {"n": len(persons)} if len(persons) > 1 else "",
        detail=details[0] if same_details else "",
        service=_service(first, zone),
        person=" · ".join(filter(None, (single.name, single.nik))) if single else "",
        persons=persons,
        undo_url=_undo_url(party, now=now),
        everybody_url=to_compare[0] if len(to_compare) > 1 else "",
    )


def _line(facts: ScanFacts, *, word: str, detail: str) -> PersonLine:
    person = facts.person
    assert person is not None
    may_compare = facts.admits and facts.identity is None and not isinstance(person.masked_nik, Unreadable)
    return PersonLine(
        number=person.number,
        name=legible(person.name) or "",
        nik=unbroken(legible(person.masked_nik) or ""),
        word=word,
        detail=detail,
        identity=str(IDENTITY.get(facts.identity, "")) if facts.identity else "",
        identity_url=url_for("desk.record_identity", check_in_id=facts.id) if may_compare else "",
        person_url="" if facts.result in ADMITTING else url_for("desk.person", ticket_id=person.ticket_id),
    )


def _together(rows: Sequence[ScanFacts]) -> tuple[str, str, object]:
    standings = {_standing(row) for row in rows}
    if len(standings) == 1:
        return standings.pop()
    here = [row.result in HERE and row.undone_at is None for row in rows]
    return ALL_HERE if all(here) else SOME_HERE if any(here) else NOBODY_HERE


def _standing(row: ScanFacts) -> tuple[str, str, object]:
    if row.undone_at is None:
        return TONES[row.result]
    return NOT_THE_OWNER if row.identity is IdentityResult.OTHER_PERSON else TAKEN_BACK


def _result(row: ScanFacts) -> str:
    if row.undone_at is None:
        return str(row.result)
    return str(row.identity) if row.identity is IdentityResult.OTHER_PERSON else "undone"


def _detail(facts: ScanFacts, zone: str) -> str:
    if facts.undone_at is None:
        return explanation(facts, zone)
    if facts.identity is IdentityResult.OTHER_PERSON:
        return _("Kehadirannya dibatalkan. Tiket tetap milik pemiliknya.")
    return _("Belum tercatat hadir.")


def _undo_url(rows: Sequence[ScanFacts], *, now: datetime) -> str:
    may_undo = any(row.admits and now - row.at <= UNDO_ADMISSION_WITHIN for row in rows)
    return url_for("desk.undo", check_in_id=rows[0].id) if may_undo else ""


def _service(facts: ScanFacts, zone: str) -> str:
    person = facts.person
    if person is None:
        return ""
    return f"{in_language(person, 'service')} · {window(person.starts_at, person.ends_at, zone)}"
