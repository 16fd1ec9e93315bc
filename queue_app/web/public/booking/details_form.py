"""The form of the details: one person, or up to five of a family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

import wtforms
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextInput
from wtforms import BooleanField, EmailField, FormField, StringField, TelField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from queue_app.domain.booking import PARTY_MAX
from queue_app.domain.identity import has_digits, parse_name, parse_nik
from queue_app.domain.phones import parse_phone, show_phone
from queue_app.domain.typing_errors import InvalidEmail
from queue_app.web.forms.email_field import EMAIL_MAX, EmailInput, read_email
from queue_app.web.forms.office_form import OfficeForm
from queue_app.web.forms.person_fields import (
    NAME_MISSING,
    NIK_MISSING,
    PersonChecks,
    PersonRows,
    PhoneInput,
    check_phone,
)
from queue_app.web.forms.typed_text import trimmed
from queue_app.web.refusals.people import message_for
from queue_app.web.site.language import gettext as _
from queue_app.web.site.language import lazy_gettext as _l

from .draft import Draft, Person

Typed = tuple[str, str, bool]  # name, NIK, and whether the name stands so on the card


class PersonFields(PersonChecks):
    """One person who comes."""

    name = StringField(
        _l("Nama lengkap"),
        description=_l("Seperti pada Kartu Keluarga"),
        filters=[trimmed],
        validators=[InputRequired(NAME_MISSING)],
        widget=GovTextInput(),
    )
    nik = StringField(
        _l("NIK (Nomor Induk Kependudukan)"),
        description=_l("16 angka pada Kartu Keluarga. Boleh memakai spasi."),
        filters=[trimmed],
        validators=[InputRequired(NIK_MISSING)],
        widget=GovTextInput(),
    )


class MemberForm(PersonFields, wtforms.Form):
    """A further person, as a part of the form."""


class DetailsForm(PersonFields, OfficeForm):
    """Who comes, and how to reach them: one person, or up to five of a family."""

    others = PersonRows(FormField(MemberForm), max_entries=PARTY_MAX - 1)
    phone = TelField(
        _l("Nomor HP"),
        description=_l("Misalnya 0812 3456 7890. Nomor ini dipakai untuk membuka tiket Anda lagi."),
        filters=[trimmed],
        validators=[InputRequired(_l("Tulis nomor HP yang dapat dihubungi."))],
        widget=PhoneInput(),
    )
    email = EmailField(
        _l("Email (tidak wajib)"),
        description=_l("Untuk bukti pemesanan dan pengingat, misalnya nama@contoh.id"),
        filters=[trimmed],
        validators=[Optional(), Length(max=EMAIL_MAX)],
        widget=EmailInput(),
    )
    email_confirmed = BooleanField(_l("Alamat email ini memang begini"), widget=GovCheckboxInput())
    asks_about_email = False

    def validate_phone(self, field: TelField) -> None:
        check_phone(field.data)

    def validate_email(self, field: EmailField) -> None:
        try:
            read_email(field.data, confirmed=self.email_confirmed.data)
        except InvalidEmail as refusal:
            self.asks_about_email = refusal.details["reason"] == "unusual"
            raise ValidationError(message_for(refusal)) from None

    @property
    def people(self) -> list[PersonFields]:
        return [self, *(entry.form for entry in self.others)]

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        valid = bool(super().validate(extra_validators)) & self._names_each_once()
        if len(self.people) > 1:
            for number, person in enumerate(self.people, 1):
                whom = _("Orang ke-%(number)s:") % {"number": number}
                for field in (person.name, person.nik):
                    field.errors = [f"{whom} {error}" for error in field.errors]
        return valid

    def _names_each_once(self) -> bool:
        said = _("NIK ini sama dengan NIK orang ke-%(other)s. Tulis setiap orang satu kali saja.")
        readable = [(number, person.nik) for number, person in enumerate(self.people, 1) if not person.nik.errors]
        first_with: dict[str, int] = {}
        for number, nik in readable:
            other = first_with.setdefault(parse_nik(nik.data).digits, number)
            if other != number:
                nik.errors = [said % {"other": other}]
        return len(first_with) == len(readable)

    def with_one_more(self) -> Self:
        """The same page with room for another person, and nothing complained about."""
        return self._with([*self._typed(), ("", "", False)])

    def without(self, number: str) -> Self:
        """The same page without the person of this number, counted from 1."""
        return self._with([typed for place, typed in enumerate(self._typed(), 1) if str(place) != number])

    def _typed(self) -> list[Typed]:
        return [(person.name.data, person.nik.data, person.name_confirmed.data) for person in self.people]

    def _with(self, people: Sequence[Typed]) -> Self:
        data = details_data(people, self.phone.data, self.email.data)
        return type(self)(formdata=None, data=data | {"email_confirmed": self.email_confirmed.data})

    def draft(self) -> Draft:
        """What was typed, in its stored form; only after validation."""
        return Draft(
            people=tuple(
                Person(parse_name(name, confirmed=confirmed), parse_nik(nik).digits)
                for name, nik, confirmed in self._typed()
            ),
            phone=parse_phone(self.phone.data),
            email=read_email(self.email.data or "", confirmed=self.email_confirmed.data),
        )


def details_data(people: Iterable[Typed], phone: str | None, email: str | None) -> dict[str, object]:
    """What `DetailsForm` takes as ``data`` for names and NIKs; at most five are kept."""
    rows = [{"name": name, "nik": nik, "name_confirmed": confirmed} for name, nik, confirmed in people]
    first, *others = rows[:PARTY_MAX] or [{}]
    return {**first, "others": others, "phone": phone, "email": email}


def data_of_draft(draft: Draft) -> dict[str, object]:
    """What was typed before, to be changed: what had to be confirmed is confirmed."""
    people = [(one.name, one.nik, has_digits(one.name)) for one in draft.people]
    unusual = not (draft.email or "").rpartition("@")[0].isascii()
    return details_data(people, show_phone(draft.phone), draft.email) | {"email_confirmed": unusual}
