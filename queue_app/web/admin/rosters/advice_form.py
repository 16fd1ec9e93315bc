"""A question to the quota advice, as it stands in an address: nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from queue_app.domain.figures.histogram import A_MINUTE
from queue_app.domain.quota_advice import OVERBOOKING_MAX, Targets
from queue_app.domain.quota_inputs import COUNTERS_MAX, Assumptions
from queue_app.domain.rosters import KITS_MAX
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import IntegerField, OfficeForm
from queue_app.web.forms.row_numbers import row_number_or_none
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

MINUTES_MAX = 240
HUNDRED = 100


def _number(label: Any, least: int, most: int, *, needed: bool = False, hint: Any = "") -> IntegerField:
    presence = InputRequired() if needed else Optional()
    return IntegerField(label, description=hint, validators=[presence, NumberRange(least, most)], widget=GovTextInput())


class AdviceForm(OfficeForm):
    """Read from an address. What is left empty is taken from roster, figures and office."""

    class Meta(OfficeForm.Meta):
        csrf = False

    layanan = SelectField(
        _l("Layanan"), coerce=row_number_or_none, choices=[], validators=[Optional()], widget=GovSelect()
    )
    hari = DayField(_l("Tanggal"), validators=[InputRequired()])
    tunggu = _number(_l("Sembilan dari sepuluh orang menunggu paling lama, menit"), 1, MINUTES_MAX, needed=True)
    lembur = _number(_l("Orang terakhir selesai sesudah loket tutup paling lama, menit"), 0, MINUTES_MAX, needed=True)
    lebih = _number(
        _l("Tempat tambahan karena ada yang tidak datang, persen"),
        0,
        round(HUNDRED * OVERBOOKING_MAX),
        needed=True,
        hint=_l("0 berarti tidak ada: kuota tetap sanggup dilayani juga bila semua datang."),
    )
    menit = _number(_l("Lama layanan, menit"), 1, MINUTES_MAX)
    absen = _number(_l("Yang tidak datang, persen"), 0, HUNDRED)
    loket = _number(_l("Loket yang melayani"), 1, COUNTERS_MAX)
    perangkat = _number(_l("Perangkat perekaman"), 0, KITS_MAX)

    @property
    def assumptions(self) -> Assumptions:
        return Assumptions(
            seconds=None if self.menit.data is None else self.menit.data * A_MINUTE,
            absence=None if self.absen.data is None else self.absen.data / HUNDRED,
            counters=self.loket.data,
            kits=self.perangkat.data,
            targets=Targets(self.tunggu.data * A_MINUTE, self.lembur.data * A_MINUTE, self.lebih.data / HUNDRED),
        )


def advice_form(services: Mapping[int, str], day: date) -> AdviceForm:
    """``services``: names by id; ``day``: where the address names none."""
    usual = Targets()
    start = {
        "hari": day.isoformat(),
        "tunggu": str(round(usual.wait / A_MINUTE)),
        "lembur": str(round(usual.overtime / A_MINUTE)),
        "lebih": str(round(usual.overbooking * HUNDRED)),
    }
    form = AdviceForm(formdata=MultiDict({**start, **request.args.to_dict()}))
    choices = [SelectChoice(str(number), name) for number, name in services.items()]
    form.layanan.choices = [SelectChoice("", _("Semua layanan")), *choices]
    return form
