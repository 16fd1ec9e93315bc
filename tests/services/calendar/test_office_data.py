"""An office's own data, changed with a reason."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.contact import InvalidContact
from queue_app.domain.errors import NotFound, ReasonRequired
from queue_app.domain.typing_errors import InvalidPhone
from queue_app.models import AuditEntry, Office
from queue_app.services.calendar.offices import OfficeChange, update_office
from tests.harness.factories import TESTER, make_office
from tests.harness.fakes import MONDAY_MORNING

DATA = {
    "name": "Dispendukcapil  Sragen",
    "address": "Jl. Raya Sukowati",
    "map_url": "",
    "phone": "(0271) 890 900",
    "whatsapp": "0812-3456-7890",
    "email": "kantor@contoh.id",
    "complaint_url": "https://www.lapor.go.id",
    "opening_hours_id": " Senin  08.00–15.00 \n\nJumat 08.00–11.00",
    "opening_hours_en": "",
}


def change(session: Session, office: Office, *, reason: str = "Nomor baru", **typed: str) -> tuple[str, ...]:
    wanted = OfficeChange(**{**DATA, **typed})
    return update_office(session, office.id, wanted, reason=reason, actor=TESTER, now=MONDAY_MORNING)


def test_it_is_stored_tidy_and_told_to_the_audit(session: Session) -> None:
    office = make_office(session)
    office.map_url = "https://peta.example/1"
    changed = change(session, office)
    assert {"phone", "whatsapp", "email", "complaint_url", "opening_hours_id", "map_url"} <= set(changed)
    assert (office.name, office.whatsapp, office.map_url) == ("Dispendukcapil Sragen", "+6281234567890", None)
    assert office.opening_hours_id == "Senin 08.00–15.00\nJumat 08.00–11.00"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "office.updated")).one()
    assert (entry.office_id, entry.reason) == (office.id, "Nomor baru")
    assert entry.after["phone"] == "(0271) 890 900"
    assert (entry.before["whatsapp"], entry.after["whatsapp"]) == ("", "…")  # R-MASK-2
    assert change(session, office) == ()
    assert len(session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"phone": "telepon"}, InvalidContact),
        ({"complaint_url": "javascript:alert(1)"}, InvalidContact),
        ({"map_url": "http://peta.example"}, InvalidContact),
        ({"whatsapp": "12"}, InvalidPhone),
        ({"reason": ""}, ReasonRequired),
    ],
)
def test_what_cannot_be_right_changes_nothing(
    session: Session, typed: dict[str, str], refusal: type[Exception]
) -> None:
    office = make_office(session)
    with pytest.raises(refusal):
        change(session, office, **typed)
    assert office.complaint_url is None
    assert not session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()


def test_an_office_that_is_not_there(session: Session) -> None:
    office = make_office(session)
    office.id += 1
    with pytest.raises(NotFound), session.no_autoflush:
        change(session, office)
    session.expunge_all()
