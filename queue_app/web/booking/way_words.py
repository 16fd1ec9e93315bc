"""The ways by which people came to a ticket, in the words of figures; walk-ins apart from those who booked."""

from __future__ import annotations

from queue_app.domain.figures.facts import WALK_IN
from queue_app.domain.priority import Channel
from queue_app.web.site.language import lazy_gettext as _l

WAYS = {
    Channel.ONLINE.value: _l("Web"),
    Channel.PARTNER.value: _l("Program mitra (API)"),
    Channel.DESK.value: _l("Meja depan, untuk hari lain"),
    Channel.VILLAGE.value: _l("Operator desa"),
    Channel.KIOSK.value: _l("Kios, untuk hari lain"),
    f"{Channel.DESK}_{WALK_IN}": _l("Meja depan, tanpa pemesanan"),
    f"{Channel.KIOSK}_{WALK_IN}": _l("Kios, tanpa pemesanan"),
}
