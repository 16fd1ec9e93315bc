"""How services are called, and the order in which citizens and staff meet them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.errors import NotFound
from queue_app.domain.reasons import read_reason
from queue_app.domain.roles import Actor
from queue_app.domain.setup import InvalidSetup, require_impersonal
from queue_app.models import OfficeService, Service
from queue_app.queries.calendar.offices import offices_giving, services_of
from queue_app.services.records.changes import change_columns

from .offered import lock_office
from .traces import record_offering


@dataclass(frozen=True)
class ServiceNames:
    """In Indonesian and English; ``summary``: what it is for, in one sentence."""

    name_id: str
    name_en: str
    summary_id: str
    summary_en: str

    def columns(self) -> dict[str, str]:
        """Raises InvalidSetup (``name``, ``personal``)."""
        read = {column: " ".join(text.split()) for column, text in asdict(self).items()}
        require_impersonal(*read.values())
        if not all(any(sign.isalnum() for sign in read[column]) for column in ("name_id", "name_en")):
            raise InvalidSetup(reason="name")
        return read


def rename_service(
    session: Session,
    service_id: int,
    names: ServiceNames,
    *,
    answers_for: Collection[int],
    reason: str,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """Call a service something else, at each office that gives it; return the names of the columns that changed.

    Its code and its address stay, and so does what was printed: a ticket names the service as it is called when it is
    looked at. ``answers_for``: ids of the offices for which whoever asks may speak. Raises ReasonRequired, NotFound;
    InvalidSetup (``name``, ``personal``, ``other_offices``).
    """
    reason = read_reason(reason)
    wanted = names.columns()
    service = session.get(Service, service_id, with_for_update={"key_share": True})
    if service is None:
        raise NotFound()
    giving = offices_giving(session, service_id)
    if not {office.id for office in giving} <= set(answers_for):
        raise InvalidSetup(reason="other_offices")
    before, after = change_columns(service, wanted)
    if not after:
        return ()
    session.flush()
    offerings = session.scalars(select(OfficeService).where(OfficeService.service_id == service_id))
    for offering in offerings:
        record_offering(
            session, "offering.renamed", offering, actor=actor, now=now, before=before, after=after, reason=reason
        )
    return tuple(after)


def move_offering(session: Session, office_service_id: int, by: int, *, actor: Actor, now: datetime) -> int:
    """One place up (``by`` -1) or down (1) among what the office gives of the same kind; the place that it has now,
    from 1 on. At an end it stays where it is. Raises NotFound.
    """
    found = session.get(OfficeService, office_service_id)
    if found is None or not found.active:
        raise NotFound()
    lock_office(session, found.office_id)
    session.expire_all()  # as it is now that nobody else moves anything
    kind = [one for one in services_of(session, found.office_id) if one.service.category is found.service.category]
    before = kind.index(found)
    after = min(max(before + by, 0), len(kind) - 1)
    if after == before:
        return before + 1
    kind.insert(after, kind.pop(before))
    arrange(kind)
    session.flush()
    was, becomes = {"place": before + 1}, {"place": after + 1}
    record_offering(session, "offering.moved", found, actor=actor, now=now, before=was, after=becomes)
    return after + 1


def arrange(offerings: Sequence[OfficeService]) -> None:
    """In this order, on the places that they have among the others now."""
    least = -1
    for offering, place in zip(offerings, sorted(one.position for one in offerings), strict=True):
        offering.position = least = max(place, least + 1)
