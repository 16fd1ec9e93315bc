"""The choice of Indonesia's three time zones, each with what its clock shows just now."""

from __future__ import annotations

from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from queue_app.adapters.language import format_time
from queue_app.web.request import now
from queue_app.web.site.language import current_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .office_form import RadioInput

PARTS = {
    "Asia/Jakarta": _l("WIB: Sumatra, Jawa, Kalimantan Barat dan Tengah"),
    "Asia/Makassar": _l("WITA: Bali, Nusa Tenggara, Sulawesi, Kalimantan Selatan, Timur, dan Utara"),
    "Asia/Jayapura": _l("WIT: Maluku dan Papua"),
}


def zone_field() -> RadioField:
    return RadioField(_l("Zona waktu"), choices=_choices, validators=[InputRequired()], widget=RadioInput())


def _choices() -> list[SelectChoice]:
    clock = {zone: format_time(now(), zone, current_language()) for zone in PARTS}
    return [
        SelectChoice(zone, _("%(part)s (sekarang pukul %(time)s)") % {"part": part, "time": clock[zone]})
        for zone, part in PARTS.items()
    ]
