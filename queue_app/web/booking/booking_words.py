"""How somebody booked, and with which priority, in words."""

from __future__ import annotations

from typing import Any

from queue_app.domain.priority import Channel, Priority
from queue_app.web.site.language import lazy_gettext as _l

CHANNELS = {
    Channel.ONLINE: _l("lewat web"),
    Channel.PARTNER: _l("lewat program mitra"),
    Channel.DESK: _l("di meja depan"),
    Channel.VILLAGE: _l("lewat operator desa"),
    Channel.KIOSK: _l("di kios"),
}
PRIORITIES: dict[str, Any] = {
    Priority.VULNERABLE: _l("lansia, disabilitas, ibu hamil, atau sakit"),
    Priority.FIRST_TIMER: _l("pemula"),
    Priority.URGENT: _l("mendesak"),
}
