"""A kiosk as people touch it."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from queue_app.services.access import kiosks
from tests.harness.factories import TESTER
from tests.harness.fakes import MONDAY_MORNING
from tests.harness.office import Visitor, World

START, TICKET, NUMBER = "/kiosk/sragen", "/kiosk/sragen/tiket", "/kiosk/sragen/nomor/ktp-rekam"
ENROL, SERVICES, OUTCOME = "/kiosk/sragen/daftar", "/kiosk/sragen/nomor", "/kiosk/sragen/hasil"


class Kiosk(Visitor):
    def hidden(self, path: str) -> dict[str, str]:
        """What a form brings with it."""
        return dict(re.findall(r'name="(csrf_token|key)"[^>]*value="([^"]+)"', self.get(path).text))

    def send(self, path: str, **data: str) -> TestResponse:
        """Fills in the form of a page, and follows where it leads."""
        return self.client.post(path, data={**self.hidden(path), **data}, follow_redirects=True)


def new_kiosk(world: World, name: str = "Pintu masuk") -> tuple[int, str]:
    """(id, code)."""
    session = world.afresh()
    device, code = kiosks.create_device(session, office_id=world.here.id, name=name, actor=TESTER, now=MONDAY_MORNING)
    session.commit()
    return device.id, code
