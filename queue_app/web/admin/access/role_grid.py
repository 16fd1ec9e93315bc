"""The form of a colleague: the name, and a row of roles for each office."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from wtforms import SelectChoice, SelectMultipleField
from wtforms.validators import ValidationError

from queue_app.domain.roles import Role
from queue_app.models import Office, Staff
from queue_app.web.access.role_names import ROLE_TITLES
from queue_app.web.admin.forms import PersonForm
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l


class RoleGridForm(PersonForm):
    """For the offices that the administrator answers for; ``elsewhere`` are names of those that they do not answer for:
    there nothing changes, and as long as there are any the name does not either."""

    held = SelectMultipleField(_l("Peran di tiap kantor"))

    def __init__(self, colleague: Staff, offices: Sequence[Office]) -> None:
        super().__init__()
        self.offices = offices
        mine = {office.id for office in offices}
        self.elsewhere = sorted({one.office.name for one in colleague.assignments if one.office_id not in mine})
        self.held.choices = [
            SelectChoice(_value(office.id, role), role) for office, role in product(offices, ROLE_TITLES)
        ]
        if self.elsewhere:
            del self.name
        if not self.is_submitted():
            self.held.data = [_value(one.office_id, one.role) for one in colleague.assignments]
            if "name" in self:
                self.name.data = colleague.name

    def validate_held(self, field: SelectMultipleField) -> None:
        if not field.data and not self.elsewhere:
            raise ValidationError(_("Pilih paling sedikit satu peran di satu kantor."))

    def rows(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Name of each office, and for each role there its value, its words and whether it is ticked."""
        ticked = set(self.held.data or ())
        return [
            (
                office.name,
                [
                    (_value(office.id, role), str(title), _value(office.id, role) in ticked)
                    for role, title in ROLE_TITLES.items()
                ],
            )
            for office in self.offices
        ]

    def chosen(self) -> dict[str, Any]:
        """As the service takes it."""
        pairs = (value.split("-") for value in self.held.data or ())
        return {
            "name": self.whole_name() if "name" in self else None,
            "held": {(int(office_id), Role(role)) for office_id, role in pairs},
            "office_ids": {office.id for office in self.offices},
        }


def _value(office_id: int, role: Role) -> str:
    return f"{office_id}-{role}"
