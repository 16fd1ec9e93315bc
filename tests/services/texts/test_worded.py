"""Messages in an office's own words: what may stand in them, and what is refused with its place."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.message_texts import InvalidMessageText, fill_in
from queue_app.domain.reminders import MessageKind
from queue_app.models import AuditEntry
from queue_app.queries.texts.messages import own_text, own_texts
from queue_app.services.texts.messages import unword_message, word_message
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

BY = {"actor": TESTER, "now": MONDAY_MORNING}
KIND = MessageKind.CONFIRMATION
BODY = "Tiket {nomor}, kode {kode}.\n{hari}, {jam} di {kantor}\n{tautan}"


def word(session: Session, office_id: int, subject: str = "Tiket {nomor}", body: str = BODY) -> bool:
    return word_message(session, office_id, KIND, "id", subject=subject, body=body, **BY)


def test_a_text_is_worded_and_given_up(session: Session) -> None:
    here, there = make_office(session, "sini"), make_office(session, "sana")
    assert word(session, here.id)
    assert not word(session, here.id)
    assert word(session, here.id, "Nomor {nomor}")
    assert own_texts(session, here.id) == {(KIND, "id")}
    assert own_texts(session, there.id) == frozenset()
    assert own_text(session, here.id, KIND, "id").subject == "Nomor {nomor}"  # type: ignore[union-attr]  # it is there
    assert unword_message(session, here.id, KIND, "id", **BY)
    assert not unword_message(session, here.id, KIND, "id", **BY)
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("message_text")).order_by(AuditEntry.id)
    ).all()
    assert actions == ["message_text.worded", "message_text.worded", "message_text.built_in"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"subject": " "}, {"reason": "subject"}),
        ({"subject": "x" * 121}, {"reason": "subject"}),
        ({"body": BODY + "x" * 2000}, {"reason": "body"}),
        ({"body": BODY.replace("{kode}", "")}, {"reason": "missing", "place": "kode"}),
        ({"body": f"{BODY}\n{{nik}}"}, {"reason": "unknown", "place": "{nik}", "line": 4}),
        ({"subject": "{kode.__class__}"}, {"reason": "unknown", "field": "subject"}),
        ({"body": f"{BODY} {{0}}"}, {"reason": "unknown", "place": "{0}"}),
        ({"body": f"{BODY} {{kode!r}}"}, {"reason": "unknown"}),
        ({"body": f"{BODY}\n\n{{{{ config }}}}"}, {"reason": "brace", "line": 5}),
        ({"body": f"{BODY}\nkode}}"}, {"reason": "brace", "line": 4}),
        ({"body": f"{BODY}\n081234567890"}, {"reason": "personal"}),
    ],
)
def test_a_text_that_cannot_be_is_refused_with_its_place(
    session: Session, change: dict[str, str], told: dict[str, object]
) -> None:
    office = make_office(session)
    with pytest.raises(InvalidMessageText) as refused:
        word(session, office.id, **change)
    assert told.items() <= refused.value.details.items()
    assert own_texts(session, office.id) == frozenset()


def test_a_value_is_never_read_as_a_place() -> None:
    values = {"nomor": "{kode}", "kode": r"7KX9 \1 {{ 7 * 7 }}"}
    assert fill_in("{nomor} {kode}", values) == r"{kode} 7KX9 \1 {{ 7 * 7 }}"
    assert fill_in("A\n\n{peta}\n\nB", values) == "A\n\nB"
