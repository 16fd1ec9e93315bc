"""Which of an office's services are closed on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from queue_app.domain.calendar import DayStatus
from queue_app.models import OfficeService, ServiceDay


def closed_days(
    session: Session, office_id: int, day: date, service_ids: Sequence[int] | None = None
) -> Sequence[tuple[ServiceDay, OfficeService]]:
    """The days that were closed (holidays are not), each with its service, in the order of the services."""
    which = [] if service_ids is None else [ServiceDay.service_id.in_(service_ids)]
    rows = session.execute(
        select(ServiceDay, OfficeService)
        .join(
            OfficeService,
            (OfficeService.office_id == ServiceDay.office_id) & (OfficeService.service_id == ServiceDay.service_id),
        )
        .where(ServiceDay.office_id == office_id, ServiceDay.day == day, ServiceDay.status == DayStatus.CLOSED, *which)
        .order_by(OfficeService.letter)
    )
    return [(service_day, offering) for service_day, offering in rows]
