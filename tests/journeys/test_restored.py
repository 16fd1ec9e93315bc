"""After a restoration: the notice, the page of administrators, and a lost ticket, on a telephone and a wide screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from queue_app.adapters.keyring import FileKeyring
from queue_app.domain.roles import Role
from queue_app.models import Backup, MessageState, OutboxMessage, Restoration
from tests.harness.fakes import FixedClock
from tests.journeys.officer import booked, hours_of, sit_down
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("width", "language"), [(320, "id"), (1280, "en")])
def test_the_pages_after_a_restoration(
    visitor: Callable[..., Visitor],
    session: Session,
    keyring: FileKeyring,
    clock: FixedClock,
    width: int,
    language: str,
) -> None:
    booked(session, hours_of(session, date(2026, 11, 24))[0], keyring)
    begins, ends = clock.now() - timedelta(hours=7), clock.now() - timedelta(hours=1)
    session.add(Restoration(backup_at=begins, restored_at=ends, restored_by="queue-app@server"))
    file = "/var/lib/queue-app/backups/queue-app-20261122T190000Z.zip"
    session.add(Backup(made_at=begins, file=file, host="server", bytes=4_000_000))
    session.execute(update(OutboxMessage).values(state=MessageState.HELD))
    session.commit()
    administrator = sit_down(visitor(width=width, language=language), session, Role.ADMINISTRATOR, clock)
    for path in ("/petugas/", "/admin/pesan", "/admin/pesan/1", "/admin/cadangan"):
        administrator.open(path)
        assert administrator.page.locator("[data-restored]").count() == 1, path
        administrator.judge()
    administrator.button("Sudah diketahui" if language == "id" else "This is known").click()
    administrator.page.locator(".govuk-notification-banner--success").wait_for()
    assert administrator.page.locator("[data-restored]").count() == 0
    administrator.judge()
    citizen = visitor(width=width, language=language)
    citizen.open(f"/t/{keyring.ticket_token(4711)}")
    citizen.judge(refused=410)
