"""The form for somebody who does not book themselves: the order of the fields is that of the conversation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

import wtforms
from govuk_frontend_wtf.wtforms_widgets import GovSelect, GovTextInput
from wtforms import FormField, SelectChoice, SelectField, StringField, TelField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.identity import parse_name, parse_nik
from queue_app.domain.phones import parse_phone
from queue_app.domain.priority import Priority
from queue_app.models import OfficeService
from queue_app.services.booking.request import Applicant
from queue_app.web.forms.office_form import BuiltInMessages
from queue_app.web.forms.once import OnceForm
from queue_app.web.forms.person_fields import (
    NAME_MISSING,
    NIK_MISSING,
    PersonChecks,
    PersonRows,
    PhoneInput,
    check_phone,
)
from queue_app.web.forms.second_person import AgreedForm
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import in_language
from queue_app.web.site.language import lazy_gettext as _l

NOW, BEYOND, OTHER = "sekarang", "tambahan", "lain"
PRIORITIES = (
    ("", _l("Tidak")),
    (Priority.VULNERABLE, _l("Lansia, disabilitas, ibu hamil, sakit")),
    (Priority.FIRST_TIMER, _l("Pemula")),
    (Priority.URGENT, _l("Mendesak")),
)
_INSTANT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}Z")


def hour_chosen(when: str | None, later: str | None) -> datetime | None:
    """The instant of a window as `hours.value_of` writes it; ``later`` counts where "another day" was chosen."""
    chosen = (later if when == OTHER else when) or ""
    try:
        return datetime.fromisoformat(chosen) if _INSTANT.fullmatch(chosen) else None
    except ValueError:
        return None


class PersonForm(PersonChecks, wtforms.Form):
    """One row. Its own messages, as every form's: a row inside a form asks nobody else."""

    class Meta:
        def get_translations(self, form: Any) -> BuiltInMessages:
            return BuiltInMessages()

    nik = StringField(_l("NIK"), filters=[trimmed], validators=[InputRequired(NIK_MISSING)], widget=GovTextInput())
    name = StringField(
        _l("Nama lengkap"), filters=[trimmed], validators=[InputRequired(NAME_MISSING)], widget=GovTextInput()
    )

    @property
    def is_blank(self) -> bool:
        return not (self.nik.data or self.name.data)


class AssistForm(AgreedForm, OnceForm):
    """``nonce`` is the key of the request: whoever sends the same form twice books once."""

    refusal_fields: ClassVar[dict[str, str]] = {
        **AgreedForm.refusal_fields,
        "slot_full": "when",
        "day_closed": "when",
        "not_open_yet": "when",
        "booking_closed": "when",
        "walk_ins_used_up": "when",
        "not_found": "when",
        "reason_required": "reason",
    }

    service = SelectField(_l("Layanan"), coerce=str, widget=GovSelect())
    priority = SelectField(
        _l("Didahulukan"),
        description=_l("Alasan kesehatan tidak dicatat."),
        choices=[SelectChoice(value, text) for value, text in PRIORITIES],
        widget=GovSelect(),
    )
    persons = PersonRows(FormField(PersonForm), min_entries=1, max_entries=PARTY_MAX)
    phone = TelField(
        _l("Nomor HP"),
        description=_l("Kosongkan bila tidak punya."),
        filters=[trimmed],
        validators=[Optional()],
        widget=PhoneInput(),
    )
    when = StringField(_l("Kapan?"))
    later = StringField(_l("Hari dan jam lain"))
    reason = StringField(
        _l("Alasan tempat tambahan"),
        description=_l("Tercatat dalam jejak audit. Jangan tulis nama, NIK, atau nomor HP orang."),
        filters=[trimmed],
        validators=[Optional(), Length(max=300)],
        widget=GovTextInput(),
    )

    def __init__(self, services: Sequence[OfficeService], **given: Any) -> None:
        super().__init__(**given)
        names = [SelectChoice(str(offering.id), in_language(offering.service, "name")) for offering in services]
        self.service.choices = names if len(names) == 1 else [SelectChoice("", _("Pilih layanan")), *names]
        self.lead: str | None = None

    def validate_service(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError(_("Pilih layanannya."))

    def validate_phone(self, field: TelField) -> None:
        check_phone(field.data)

    def validate_when(self, field: StringField) -> None:
        if field.data != OTHER and self.later.data:
            raise ValidationError(_("Ada dua waktu yang dipilih. Pilih satu saja."))
        if field.data not in (NOW, BEYOND) and self.starts_at is None:
            raise ValidationError(_("Pilih waktu kedatangan."))

    def validate_reason(self, field: StringField) -> None:
        """Length and content are looked at where it is stored."""

    def validate(self, extra_validators: Any = None) -> bool:
        rows = self.persons.entries
        self.persons.entries = [row for row in rows if not row.form.is_blank] or rows[:1]
        return bool(super().validate(extra_validators)) and self._has_different_persons()

    def add_person(self) -> None:
        if len(self.persons) < PARTY_MAX:
            self.persons.append_entry()

    def refer_to(self, address: str) -> None:
        """Where the first line of the summary leads instead of to a field."""
        self.lead = address

    def error_items(self) -> list[dict[str, str]]:
        items = super().error_items()
        if self.lead and items:
            items[0]["href"] = self.lead
        return items

    @property
    def starts_at(self) -> datetime | None:
        """The chosen hour; None for now, and for what is no hour."""
        return hour_chosen(self.when.data, self.later.data)

    @property
    def places(self) -> int:
        """How many persons are on the form, at least one."""
        return max(1, sum(not row.form.is_blank for row in self.persons))

    @property
    def class_of_priority(self) -> Priority | None:
        value = self.priority.data
        return Priority(value) if value in set(Priority) else None

    def applicants(self) -> tuple[Applicant, ...]:
        """Only after validation, as `phone_number`."""
        rows = [row.form for row in self.persons]
        return tuple(
            Applicant(parse_name(row.name.data, confirmed=row.name_confirmed.data), parse_nik(row.nik.data))
            for row in rows
        )

    def phone_number(self) -> str | None:
        return parse_phone(self.phone.data) if self.phone.data else None

    def new_row(self, index: str) -> PersonForm:
        """An empty row for the script to copy."""
        return PersonForm(formdata=None, prefix=f"persons-{index}-")

    def _has_different_persons(self) -> bool:
        known: set[str] = set()
        for row in self.persons:
            digits = parse_nik(row.form.nik.data).digits
            if digits in known:
                row.form.nik.errors = [_("NIK ini sudah ditulis untuk orang lain di formulir ini.")]
                return False
            known.add(digits)
        return True
