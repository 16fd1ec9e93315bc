"""The period that results are shown of, as it is chosen and as it stands in an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired, Optional

from queue_app.adapters.language import format_month
from queue_app.domain.surveys import Period, PeriodKind, periods_back
from queue_app.models import OfficeService
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.row_numbers import row_number_or_none
from queue_app.web.site.language import current_language, in_language
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

# The quarters of all those years: single answers are given by quarter.
BACK = {PeriodKind.QUARTER: 20, PeriodKind.SEMESTER: 6, PeriodKind.YEAR: 5, PeriodKind.MONTH: 12}


@dataclass(frozen=True)
class Chosen:
    """A period of all services, or of one."""

    period: Period
    service_id: int | None

    def address(self) -> dict[str, Any]:
        return {"periode": key_of(self.period)} | ({"layanan": self.service_id} if self.service_id else {})


class PeriodForm(OfficeForm):
    """Read from an address: nothing is changed by it."""

    class Meta(OfficeForm.Meta):
        csrf = False

    periode = SelectField(_l("Periode"), choices=[], validators=[InputRequired()], widget=GovSelect())
    layanan = SelectField(
        _l("Layanan"), coerce=row_number_or_none, choices=[], validators=[Optional()], widget=GovSelect()
    )


def period_form(offerings: list[OfficeService], today: date) -> tuple[PeriodForm, Chosen | None]:
    """What the address asks for; without one this quarter. None for what there is not."""
    known = {key_of(period): period for period in _periods(today)}
    form = PeriodForm(formdata=request.args if "periode" in request.args else MultiDict({"periode": next(iter(known))}))
    form.periode.choices = [SelectChoice(key, period_word(period)) for key, period in known.items()]
    services = [SelectChoice(str(one.service_id), in_language(one.service, "name")) for one in offerings]
    form.layanan.choices = [SelectChoice("", _("Semua layanan")), *services]
    chosen = Chosen(known[form.periode.data], form.layanan.data) if form.validate() else None
    return form, chosen


def key_of(period: Period) -> str:
    return f"{period.kind}-{period.year}-{period.number}"


def period_word(period: Period) -> str:
    told = {"number": period.number, "year": period.year}
    match period.kind:
        case PeriodKind.MONTH:
            return format_month(period.first, current_language())
        case PeriodKind.QUARTER:
            return _("Triwulan %(number)s %(year)s") % told
        case PeriodKind.SEMESTER:
            return _("Semester %(number)s %(year)s") % told
    return str(period.year)


def _periods(today: date) -> Iterator[Period]:
    for kind, many in BACK.items():
        yield from periods_back(today, kind, many)
