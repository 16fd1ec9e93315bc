"""A program's scan, read the same way by the view and by the lane."""

from __future__ import annotations

from dataclasses import dataclass

from queue_app.domain.api_keys import in_letters
from queue_app.services.access.api_keys import Partner
from queue_app.services.arrivals.check_in import Scan
from queue_app.web.api.document.reading import Body


@dataclass(frozen=True)
class SentScan:
    """``office``: the slug of the one where it was scanned."""

    typed: str
    office: str
    nonce: str
    key_id: int

    def at(self, office_id: int) -> Scan:
        return Scan(self.typed, office_id, None, self.nonce, api_key_id=self.key_id)


def read_scan(body: Body, partner: Partner) -> SentScan:
    """Raises InvalidRequest with all that is wrong with its shape."""
    body.check()
    # Apart from those of the desks and of other partners.
    nonce = f"api{partner.key_id}:{in_letters(body.get('/nonce'))}"
    return SentScan(body.get("/token") or body.get("/code"), body.get("/office"), nonce, partner.key_id)
