"""The range of days that a report is about, as it is chosen and as it stands in an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from queue_app.models import OfficeService
from queue_app.web.forms.days import DayField
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.row_numbers import row_number_or_none
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l

LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Range:
    """Days of a report, and the one service that it is about."""

    first: date
    last: date
    service_id: int | None = None

    def address(self) -> dict[str, Any]:
        days = {"dari": self.first.isoformat(), "sampai": self.last.isoformat()}
        return days | ({"layanan": self.service_id} if self.service_id else {})


class RangeForm(OfficeForm):
    """Read from an address: nothing is changed by it."""

    class Meta(OfficeForm.Meta):
        csrf = False

    dari = DayField(_l("Dari tanggal"), validators=[InputRequired()])
    sampai = DayField(_l("Sampai tanggal"), validators=[InputRequired()])
    layanan = SelectField(
        _l("Layanan"), coerce=row_number_or_none, choices=[], validators=[Optional()], widget=GovSelect()
    )

    def validate_sampai(self, field: DayField) -> None:
        if self.dari.data is None or field.data is None:
            return
        if field.data < self.dari.data:
            raise ValidationError(_("Tanggal akhir tidak boleh sebelum tanggal awal."))
        if field.data - self.dari.data > LONGEST:
            raise ValidationError(_("Paling lama lima tahun sekaligus."))


def range_form(offerings: list[OfficeService], today: date) -> RangeForm:
    """What the address asks for; without one this month."""
    month = Range(today.replace(day=1), today)
    asked = request.args if request.args.keys() & {"dari", "sampai", "layanan"} else MultiDict(month.address())
    form = RangeForm(formdata=asked)
    services = [SelectChoice(str(one.service_id), in_language(one.service, "name")) for one in offerings]
    form.layanan.choices = [SelectChoice("", _("Semua layanan")), *services]
    return form


def presets(today: date) -> Iterator[tuple[str, Range]]:
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    yield _("Minggu ini"), Range(today - timedelta(days=today.weekday()), today)
    yield _("Bulan ini"), Range(month, today)
    yield _("Bulan lalu"), Range(before.replace(day=1), before)
    yield _("Tahun ini"), Range(today.replace(month=1, day=1), today)
