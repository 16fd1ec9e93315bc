"""The form of a new holiday, and for whom the person who fills it in may add one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import g
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired

from queue_app.db import db
from queue_app.domain.roles import Permission
from queue_app.models import Office
from queue_app.queries.access.permitted import offices_permitted
from queue_app.queries.access.staff import administers_every_office
from queue_app.web.admin.forms import HolidayNameForm
from queue_app.web.forms.days import DayField
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .closure_form import TermsForm

EVERYWHERE = "semua"


@dataclass(frozen=True)
class HolidayReach:
    """The offices whose own holidays somebody keeps, and with ``everywhere`` also those that count for all."""

    offices: Sequence[Office]
    everywhere: bool

    def office(self, office_id: int | None) -> Office | None:
        """None as well for one that is not among them."""
        return next((one for one in self.offices if one.id == office_id), None)

    @property
    def choices(self) -> list[SelectChoice]:
        """The only office of all needs no holidays of its own."""
        own = [SelectChoice(str(one.id), one.name) for one in self.offices]
        return [SelectChoice(EVERYWHERE, _("Semua kantor")), *own[len(own) == 1 :]] if self.everywhere else own


def reach_of_staff() -> HolidayReach:
    me = g.staff.staff_id
    offices = offices_permitted(db.session(), me, Permission.EDIT_QUOTA)
    return HolidayReach(offices, administers_every_office(db.session(), me))


class HolidayForm(TermsForm, HolidayNameForm):
    refusal_fields: ClassVar[dict[str, str]] = {"reason_required": "reason"}

    office = SelectField(_l("Berlaku untuk"), widget=GovSelect())
    day = DayField(_l("Tanggal"), validators=[InputRequired()])

    @property
    def office_id(self) -> int | None:
        """Of a form that was validated; None: for all offices."""
        return None if self.office.data == EVERYWHERE else int(self.office.data)


def holiday_form(reach: HolidayReach, *, sent: bool = True) -> HolidayForm:
    form = HolidayForm() if sent else HolidayForm(formdata=None)
    form.office.choices = reach.choices
    return form
